package shallows.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import shallows.model.onnx.read.OnnxReader;

class OnnxLabelsTest {
  @Test
  void namesAreADictionaryAsPythonWritesIt() {
    assertEquals(
        Optional.of(List.of("tench", "cat's ear", "a \"b\"")),
        labels("names", "{0: 'tench', 1: \"cat's ear\", 2: 'a \"b\"'}", 3));
  }

  @Test
  void labelsOfHuggingFaceAreJson() {
    assertEquals(
        Optional.of(List.of("LABEL, first", "b")),
        labels("id2label", "{\"1\": \"b\", \"0\": \"LABEL, first\"}", 2));
  }

  @Test
  void anEscapeIsTheLetterItStandsFor() {
    assertEquals(
        Optional.of(List.of("caf\u00e9", "a \"b\" c")),
        labels("id2label", "{\"0\": \"caf\\u00e9\", \"1\": \"a \\\"b\\\"\\nc\"}", 2));
    assertEquals(Optional.of(List.of("caf\u00e9")), labels("names", "{0: 'caf\\xe9'}", 1));
  }

  @Test
  void aNameMayBeLong() {
    String name = "ab".repeat(100_000);
    assertEquals(Optional.of(List.of(name)), labels("names", "{0: '" + name + "'}", 1));
  }

  @Test
  void anotherNumberOfNamesIsNotThatOfTheClasses() {
    assertEquals(Optional.empty(), labels("names", "{0: 'a', 1: 'b'}", 3));
    assertEquals(Optional.empty(), labels("names", "{0: 'a', 2: 'b'}", 2));
    assertEquals(Optional.empty(), labels("names", "['a', 'b']", 2));
    assertEquals(Optional.empty(), labels("other", "{0: 'a', 1: 'b'}", 2));
  }

  @Test
  void aFileThatIsReadHasThem() {
    ForeignModel foreign = new ForeignModel();
    foreign.node("GlobalAveragePool", "/pool", "x");
    foreign.node("Flatten", "/flat", foreign.last());
    ModelProto.Builder model = foreign.model(17);
    model.addMetadataPropsBuilder().setKey("names").setValue("{0: 'cat', 1: 'dog'}");
    assertEquals(
        List.of("cat", "dog"),
        OnnxReader.read(model.build().toByteArray(), "theirs.onnx").task().labels());
  }

  private static Optional<List<String>> labels(String key, String value, int classes) {
    return OnnxLabels.of(Map.of(key, value), classes);
  }
}

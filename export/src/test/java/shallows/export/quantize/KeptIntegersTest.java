package shallows.export.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.export.ExportFormat;
import shallows.export.ShakenNetworks;
import shallows.export.convert.Agreement;
import shallows.export.convert.Conversion;
import shallows.export.onnx.QdqOnnxWriter;
import shallows.export.pass.ExportPasses;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;
import shallows.model.onnx.read.ImportedNetwork;
import shallows.model.onnx.read.OnnxReader;

/** The files come of {@code quantized_networks.py}, so of the quantizers that people use. */
class KeptIntegersTest {
  @TempDir private Path folder;

  private Conversion conversion(String name) throws IOException {
    Path file = folder.resolve(name + ".onnx");
    try (InputStream in =
        getClass().getResourceAsStream("/shallows/export/quantized/" + name + ".onnx")) {
      Files.write(file, in.readAllBytes());
    }
    return Conversion.of(file, 1, 1);
  }

  private static KeptIntegers.Kept kept(Conversion conversion) {
    return KeptIntegers.of(conversion.graph(), conversion.network().integers().orElseThrow());
  }

  private static void assertHolds(Agreement agreement) {
    assertTrue(agreement.holds(), agreement.words("the file"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pytorch",
        "pytorch-one-scale",
        "relu-u8",
        "relu-u8-each",
        "relu-s8-each",
        "relu6-u8-each",
        "relu-u8u8",
        "relu-u16"
      })
  void isReadAsTheFloatsThatItStandsFor(String name) throws IOException {
    Conversion conversion = conversion(name);
    assertHolds(conversion.ofOnnx(conversion.onnx(), 1));
    assertHolds(conversion.ofTflite(conversion.tflite(), 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pytorch",
        "pytorch-one-scale",
        "relu-u8",
        "relu-u8-each",
        "relu-s8-each",
        "relu6-u8-each"
      })
  void filesOfBothFormatsAnswerAsTheOriginalDoesInOnnxRuntime(String name) throws IOException {
    Conversion conversion = conversion(name);
    KeptIntegers.Kept kept = kept(conversion);
    float step = kept.graph().outputStep();
    assertEquals(5, kept.layers());
    assertEquals(0, kept.inFloats());
    byte[] tflite = TfliteWriter.bytes(kept.graph(), TfliteOptions.STANDARD);
    assertHolds(conversion.ofKept(tflite, ExportFormat.TFLITE, step, 1));
    byte[] onnx = QdqOnnxWriter.bytes(kept.graph());
    assertHolds(conversion.ofKept(onnx, ExportFormat.ONNX, step, 1));
  }

  @Test
  void otherIntegersAreToldApart() throws IOException {
    Conversion conversion = conversion("relu-s8-each");
    KeptIntegers.Kept other = kept(conversion("relu6-u8-each"));
    byte[] tflite = TfliteWriter.bytes(other.graph(), TfliteOptions.STANDARD);
    float step = kept(conversion).graph().outputStep();
    assertFalse(conversion.ofKept(tflite, ExportFormat.TFLITE, step, 1).holds());
  }

  /** PyTorch's observers go from −128 on. */
  @Test
  void weightsOfMinus128AreCounted() throws IOException {
    KeptIntegers.Kept kept = kept(conversion("pytorch"));
    assertTrue(kept.changed() > 0);
    for (Node node : kept.graph().graph().nodes()) {
      if (node.operation().weighs()) {
        for (byte value : kept.graph().weights(node).values()) {
          assertTrue(value >= -Byte.MAX_VALUE);
        }
      }
    }
    assertEquals(0, kept(conversion("relu-s8-each")).changed());
  }

  @ParameterizedTest
  @CsvSource({"relu-u8u8, have zero points", "relu-u16, has more than 8 bits"})
  void whatHasNoKernelIsSaid(String name, String found) throws IOException {
    Conversion conversion = conversion(name);
    String message =
        assertThrows(IllegalArgumentException.class, () -> kept(conversion)).getMessage();
    assertTrue(message.endsWith(found), message);
  }

  @Test
  void ourOwnFilesHaveTheirIntegersAgain() {
    Graph folded = ExportPasses.all(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28)));
    QuantizedGraph written = QuantizedGraphs.of(folded, OperationCases.input(folded, 4));
    ImportedNetwork read = OnnxReader.imported(QdqOnnxWriter.bytes(written), "own.onnx");
    KeptIntegers.Kept kept = KeptIntegers.of(read.graph(), read.integers().orElseThrow());
    assertEquals(written.quantizations(), kept.graph().quantizations());
    assertEquals(folded.blocks(), read.graph().blocks());
    for (Node node : written.graph().nodes()) {
      if (node.operation().weighs()) {
        QuantizedWeights expected = written.weights(node);
        QuantizedWeights found = kept.graph().weights(kept.graph().graph().node(node.name()));
        assertArrayEquals(expected.values(), found.values(), node.name());
        assertArrayEquals(expected.scales(), found.scales(), node.name());
        assertArrayEquals(expected.bias(), found.bias(), node.name());
      }
    }
  }
}

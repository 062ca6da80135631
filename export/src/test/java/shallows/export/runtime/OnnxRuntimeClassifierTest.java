package shallows.export.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import shallows.export.Agreement;
import shallows.export.FlatOutput;
import shallows.export.ShakenNetworks;
import shallows.export.pass.ExportPasses;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;

class OnnxRuntimeClassifierTest {
  @TempDir Path folder;

  static Stream<Graph> operations() {
    return OperationCases.all().stream().map(FlatOutput::of);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOperationAgreesWithTheInterpreter(Graph graph) {
    assertAgrees(graph, 1, 3);
  }

  @Test
  void wholeNetworksAgreeFoldedAndNot() {
    for (Graph graph :
        new Graph[] {
          ShakenNetworks.create("resnet-20-s2", Shape.of(1, 28, 28)),
          ShakenNetworks.create("resnet-32", Shape.of(3, 17, 23))
        }) {
      assertAgrees(graph, 3);
      assertAgrees(ExportPasses.all(graph), 3);
    }
  }

  @Test
  void weightsInAFileBesideAreFoundAlsoBehindTheLinksOfACache() throws Exception {
    Graph graph = ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28));
    Path blobs = Files.createDirectories(folder.resolve("blobs"));
    Path snapshot = Files.createDirectories(folder.resolve("snapshots/abc"));
    Files.write(blobs.resolve("1"), withoutWeights(OnnxWriter.bytes(graph), blobs.resolve("2")));
    Path file = Files.createSymbolicLink(snapshot.resolve("model.onnx"), Path.of("../../blobs/1"));
    Files.createSymbolicLink(snapshot.resolve("weights.bin"), Path.of("../../blobs/2"));
    float[] image = new float[28 * 28];
    Arrays.fill(image, 0.5f);
    try (OnnxRuntimeClassifier whole =
            OnnxRuntimeClassifier.open(OnnxWriter.bytes(graph), "memory", 1);
        OnnxRuntimeClassifier linked = OnnxRuntimeClassifier.open(file, 1)) {
      assertArrayEquals(whole.logits(image, 1)[0], linked.logits(image, 1)[0]);
    }
    assertEquals(graph.parameters().keySet(), OnnxReader.read(file).parameters().keySet());
    // A model that is no link of its own has no say in what lies elsewhere.
    Path copy = Files.createDirectories(folder.resolve("copy")).resolve("model.onnx");
    Files.copy(blobs.resolve("1"), copy);
    Files.createSymbolicLink(copy.resolveSibling("weights.bin"), Path.of("../blobs/2"));
    assertTrue(
        assertThrows(BadInputException.class, () -> OnnxRuntimeClassifier.open(copy, 1))
            .getMessage()
            .contains("expected a file in the model's own folder, found 'weights.bin'"));
  }

  /** The model with its largest tensors in another file, called weights.bin. */
  private static byte[] withoutWeights(byte[] model, Path weights) throws Exception {
    ModelProto.Builder other = ModelProto.parseFrom(model).toBuilder();
    ByteArrayOutputStream outside = new ByteArrayOutputStream();
    for (TensorProto.Builder tensor : other.getGraphBuilder().getInitializerBuilderList()) {
      if (tensor.getRawData().size() > 64) {
        tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL);
        tensor.addExternalDataBuilder().setKey("location").setValue("weights.bin");
        tensor.addExternalDataBuilder().setKey("offset").setValue("" + outside.size());
        tensor.addExternalDataBuilder().setKey("length").setValue("" + tensor.getRawData().size());
        tensor.getRawData().writeTo(outside);
        tensor.clearRawData();
      }
    }
    Files.write(weights, outside.toByteArray());
    return other.build().toByteArray();
  }

  @Test
  void saysWhatItIs() {
    Graph graph = ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28));
    try (OnnxRuntimeClassifier classifier =
        OnnxRuntimeClassifier.open(OnnxWriter.bytes(graph), "memory", 1)) {
      assertTrue(classifier.runtime().matches("ONNX Runtime \\d+\\.\\d+\\.\\d+"));
      assertEquals(Shape.of(1, 28, 28), classifier.image());
      assertEquals(10, classifier.classes());
      assertThrows(IllegalArgumentException.class, () -> classifier.logits(new float[3], 1));
    }
  }

  @Test
  void namesAFileThatIsMissingEmptyCutOrForeign() throws Exception {
    byte[] model = OnnxWriter.bytes(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28)));
    Path file = folder.resolve("network.onnx");
    assertNamed(file);
    for (byte[] content :
        new byte[][] {
          {}, "no model".getBytes(), Arrays.copyOf(model, model.length / 2), new byte[1000]
        }) {
      Files.write(file, content);
      assertNamed(file);
    }
    assertNamed(folder);
  }

  @Test
  void refusesAModelOfAnotherShape() {
    Graph image = OperationCases.all().get(0);
    BadInputException refused =
        assertThrows(
            BadInputException.class,
            () -> OnnxRuntimeClassifier.open(OnnxWriter.bytes(image), "image.onnx", 1));
    assertTrue(refused.getMessage().startsWith("image.onnx: expected "), refused.getMessage());
  }

  private static void assertNamed(Path file) {
    BadInputException refused =
        assertThrows(BadInputException.class, () -> OnnxRuntimeClassifier.open(file, 1));
    assertTrue(refused.getMessage().startsWith(file + ": expected "), refused.getMessage());
  }

  private static void assertAgrees(Graph graph, int... batches) {
    try (OnnxRuntimeClassifier classifier =
        OnnxRuntimeClassifier.open(OnnxWriter.bytes(graph), graph.name(), 1)) {
      for (int batch : batches) {
        Agreement.assertAgrees(graph, OperationCases.input(graph, batch), classifier);
      }
    }
  }
}

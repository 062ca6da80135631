package shallows.export.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.SubGraph;
import shallows.export.Agreement;
import shallows.export.FlatOutput;
import shallows.export.ShakenNetworks;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.WeightStorage;
import shallows.export.runtime.TfliteClassifier;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;
import shallows.model.interpreter.Interpreter;

class TfliteWriterTest {
  private static final TfliteOptions DYNAMIC =
      new TfliteOptions(TfliteBatch.DYNAMIC, TfliteEdges.FLOATS, WeightStorage.AS_COMPUTED);

  private static final Graph NETWORK = ShakenNetworks.create("resnet-20-s2", Shape.of(1, 28, 28));

  @TempDir Path folder;

  static Stream<Graph> operations() {
    return OperationCases.all().stream().map(FlatOutput::of);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOperationAgreesWithTheInterpreter(Graph graph) {
    byte[] file = TfliteWriter.bytes(graph);
    try (TfliteClassifier classifier = TfliteClassifier.open(file, graph.name(), 1)) {
      for (int batch : OperationCases.BATCHES) {
        Agreement.assertAgrees(graph, OperationCases.input(graph, batch), classifier);
      }
    }
  }

  @Test
  void wholeNetworksAgreeFoldedAndNot() {
    for (Graph graph : List.of(NETWORK, ShakenNetworks.create("resnet-32", Shape.of(3, 17, 23)))) {
      for (Graph form : List.of(graph, ExportPasses.all(graph))) {
        try (TfliteClassifier classifier =
            TfliteClassifier.open(TfliteWriter.bytes(form), form.name(), 1)) {
          Agreement.assertAgrees(graph, OperationCases.input(graph, 3), classifier);
        }
      }
    }
  }

  @Test
  void theSameGraphGivesTheSameBytes() {
    assertArrayEquals(TfliteWriter.bytes(NETWORK), TfliteWriter.bytes(NETWORK));
  }

  @Test
  void writesAFileThatARuntimeOpens() {
    Path file = folder.resolve("new/network.tflite");
    TfliteWriter.write(NETWORK, TfliteOptions.STANDARD, file);
    try (TfliteClassifier classifier = TfliteClassifier.open(file, 1)) {
      assertEquals(Shape.of(1, 28, 28), classifier.image());
      assertEquals(10, classifier.classes());
    }
  }

  @Test
  void everyConstantStartsAtAMultipleOf16() {
    ByteBuffer bytes = ByteBuffer.wrap(TfliteWriter.bytes(NETWORK));
    Model model = Model.getRootAsModel(bytes);
    int constants = 0;
    for (int i = 0; i < model.buffersLength(); i++) {
      ByteBuffer data = model.buffers(i).dataAsByteBuffer();
      if (data != null) {
        assertEquals(0, data.position() % 16, "buffer " + i);
        constants++;
      }
    }
    assertTrue(constants > NETWORK.blocks().size());
  }

  @Test
  void operatorCodesStandInTheFieldForOldRuntimesToo() {
    Model model = Model.getRootAsModel(ByteBuffer.wrap(TfliteWriter.bytes(NETWORK)));
    for (int i = 0; i < model.operatorCodesLength(); i++) {
      assertEquals(
          model.operatorCodes(i).builtinCode(), model.operatorCodes(i).deprecatedBuiltinCode());
    }
  }

  @Test
  void valuesBearTheNamesOfTheGraph() {
    Graph folded = ExportPasses.all(NETWORK);
    Set<String> names = new HashSet<>();
    SubGraph graph = Model.getRootAsModel(ByteBuffer.wrap(TfliteWriter.bytes(folded))).subgraphs(0);
    for (int i = 0; i < graph.tensorsLength(); i++) {
      assertTrue(names.add(graph.tensors(i).name()), graph.tensors(i).name() + " stands twice");
    }
    assertTrue(names.containsAll(folded.parameters().keySet()));
    assertTrue(names.contains(folded.output()));
    assertTrue(names.contains(folded.input().name()));
  }

  @Test
  void aDynamicFileDeclaresAnyBatch() {
    SubGraph graph =
        Model.getRootAsModel(ByteBuffer.wrap(TfliteWriter.bytes(NETWORK, DYNAMIC))).subgraphs(0);
    for (int tensor : new int[] {graph.inputs(0), graph.outputs(0)}) {
      assertEquals(1, graph.tensors(tensor).shape(0));
      assertEquals(-1, graph.tensors(tensor).shapeSignature(0));
    }
  }

  @Test
  void aDynamicFileRunsSeveralImagesAtOnce() {
    float[] images = OperationCases.input(NETWORK, 3).values();
    byte[] file = TfliteWriter.bytes(ExportPasses.all(NETWORK), DYNAMIC);
    float[] found = NativeTflite.run(file, new int[] {3, 28, 28, 1}, images, 30);
    float[] expected = Interpreter.run(NETWORK, OperationCases.input(NETWORK, 3)).values();
    assertArrayEquals(expected, found, 1e-4f);
  }

  @Test
  void samePaddingIsUsedOnlyWhereItIsTheSame() {
    Extent three = Extent.square(3);
    Extent two = Extent.square(2);
    assertTrue(Windows.isSame(Shape.of(1, 8, 7), three, Extent.ONE, Extent.ONE, Extent.ONE));
    assertTrue(Windows.isSame(Shape.of(1, 7, 9), three, two, Extent.ONE, Extent.ONE));
    assertFalse(Windows.isSame(Shape.of(1, 8, 9), three, two, Extent.ONE, Extent.ONE));
    assertTrue(Windows.isSame(Shape.of(1, 8, 9), three, Extent.ONE, two, two));
    assertFalse(Windows.isSame(Shape.of(1, 8, 9), three, Extent.ONE, Extent.ZERO, Extent.ONE));
  }
}

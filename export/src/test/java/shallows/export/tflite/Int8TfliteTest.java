package shallows.export.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.SubGraph;
import org.tensorflow.lite.schema.TensorType;
import shallows.data.evaluation.Classifier;
import shallows.export.BinaryNetworks;
import shallows.export.ExportFormat;
import shallows.export.ShakenNetworks;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.QuantizedGraphs;
import shallows.export.quantize.WeightStorage;
import shallows.export.runtime.TfliteClassifier;
import shallows.model.graph.Graph;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

class Int8TfliteTest {
  private static final TfliteOptions INTEGER_EDGES =
      new TfliteOptions(TfliteBatch.ONE, TfliteEdges.INTEGERS, WeightStorage.AS_COMPUTED);

  private static final Graph NETWORK =
      ExportPasses.all(ShakenNetworks.create("resnet-20-s2", Shape.of(1, 28, 28)));

  static List<Graph> operations() {
    return QuantizedGraphs.operations();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOperationMatchesTheSimulation(Graph graph) {
    assertMatches(graph);
  }

  @Test
  void wholeNetworksMatchTheSimulation() {
    assertMatchesWhole(NETWORK);
    assertMatchesWhole(ExportPasses.all(ShakenNetworks.create("resnet-32", Shape.of(3, 17, 23))));
    assertMatchesWhole(
        ExportPasses.all(
            BinaryNetworks.of(ShakenNetworks.create("resnet-20-s2", Shape.of(1, 28, 28)))));
  }

  @Test
  void aWholeNetworkIsOnePartition() {
    assertEquals(List.of("TfLiteXNNPackDelegate"), NativeTflite.plan(file(NETWORK)));
    Graph binary =
        ExportPasses.all(
            BinaryNetworks.of(ShakenNetworks.create("resnet-20", Shape.of(3, 32, 32))));
    assertEquals(List.of("TfLiteXNNPackDelegate"), NativeTflite.plan(file(binary)));
  }

  @Test
  void theSameGraphGivesTheSameBytes() {
    assertArrayEquals(file(NETWORK), file(NETWORK));
  }

  @Test
  void floatsGoInAndOut() {
    SubGraph graph = Model.getRootAsModel(ByteBuffer.wrap(file(NETWORK))).subgraphs(0);
    assertEquals(TensorType.FLOAT32, graph.tensors(graph.inputs(0)).type());
    assertEquals(NETWORK.input().name(), graph.tensors(graph.inputs(0)).name());
    assertEquals(TensorType.FLOAT32, graph.tensors(graph.outputs(0)).type());
    assertEquals(NETWORK.output(), graph.tensors(graph.outputs(0)).name());
  }

  @Test
  void operatorsHaveTheFirstVersionThatTakesBytes() {
    Model model = Model.getRootAsModel(ByteBuffer.wrap(file(NETWORK)));
    Map<Integer, Integer> versions = new HashMap<>();
    for (int i = 0; i < model.operatorCodesLength(); i++) {
      versions.put(model.operatorCodes(i).builtinCode(), model.operatorCodes(i).version());
    }
    assertEquals(3, versions.get(BuiltinOperator.CONV_2D));
    assertEquals(3, versions.get(BuiltinOperator.DEPTHWISE_CONV_2D));
    assertEquals(4, versions.get(BuiltinOperator.FULLY_CONNECTED));
    assertEquals(2, versions.get(BuiltinOperator.ADD));
    assertEquals(1, versions.get(BuiltinOperator.QUANTIZE));
  }

  @Test
  void packedSignsComputeTheSame() {
    for (Graph graph : QuantizedGraphs.operations()) {
      Graph binary = BinaryNetworks.everywhere(graph);
      Tensor batch = OperationCases.input(binary, 3);
      QuantizedGraph quantized = QuantizedGraphs.of(binary, batch);
      assertWithinAStep(quantized, TfliteOptions.PACKED, batch);
    }
  }

  @Test
  void aWholeNetworkOfPackedSignsMatchesTheSimulation() {
    Graph binary =
        ExportPasses.all(
            BinaryNetworks.of(ShakenNetworks.create("resnet-20-s2", Shape.of(1, 28, 28))));
    Tensor batch = QuantizedGraphs.images(binary, 40);
    QuantizedGraph quantized = QuantizedGraphs.of(binary, batch);
    try (TfliteClassifier classifier =
        TfliteClassifier.open(
            TfliteWriter.bytes(quantized, TfliteOptions.PACKED), binary.name(), 1)) {
      QuantizedGraphs.assertMatchesWhole(quantized, batch, classifier, ExportFormat.TFLITE, true);
    }
  }

  @Test
  void integersAtTheEdgesComputeTheSame() {
    for (Graph graph : QuantizedGraphs.operations()) {
      Tensor batch = OperationCases.input(graph, 3);
      assertWithinAStep(QuantizedGraphs.of(graph, batch), INTEGER_EDGES, batch);
    }
    byte[] file =
        TfliteWriter.bytes(
            QuantizedGraphs.of(NETWORK, OperationCases.input(NETWORK, 1)), INTEGER_EDGES);
    SubGraph graph = Model.getRootAsModel(ByteBuffer.wrap(file)).subgraphs(0);
    assertEquals(TensorType.INT8, graph.tensors(graph.inputs(0)).type());
    assertEquals(NETWORK.input().name(), graph.tensors(graph.inputs(0)).name());
    assertEquals(TensorType.INT8, graph.tensors(graph.outputs(0)).type());
    assertEquals(NETWORK.output(), graph.tensors(graph.outputs(0)).name());
    for (int i = 0; i < graph.tensorsLength(); i++) {
      assertNotEquals(TensorType.FLOAT32, graph.tensors(i).type(), graph.tensors(i).name());
    }
    assertEquals(List.of("TfLiteXNNPackDelegate"), NativeTflite.plan(file));
  }

  @Test
  void aDynamicFileRunsSeveralImagesAtOnce() {
    Tensor batch = OperationCases.input(NETWORK, 3);
    QuantizedGraph quantized = QuantizedGraphs.of(NETWORK, batch);
    byte[] file =
        TfliteWriter.bytes(
            quantized,
            new TfliteOptions(TfliteBatch.DYNAMIC, TfliteEdges.FLOATS, WeightStorage.AS_COMPUTED));
    // That interface of TFLite hands files to XNNPACK.
    QuantizedGraphs.assertMatchesWhole(quantized, batch, new AllAtOnce(file), ExportFormat.TFLITE);
  }

  /** Runs a file whose batch is dynamic on several images of one channel in one call. */
  private record AllAtOnce(byte[] file) implements Classifier {
    @Override
    public float[][] logits(float[] images, int count) {
      float[] flat = NativeTflite.run(file, new int[] {count, 28, 28, 1}, images, 10 * count);
      float[][] logits = new float[count][];
      for (int i = 0; i < count; i++) {
        logits[i] = Arrays.copyOfRange(flat, 10 * i, 10 * i + 10);
      }
      return logits;
    }

    @Override
    public void close() {}
  }

  private static void assertWithinAStep(QuantizedGraph graph, TfliteOptions options, Tensor batch) {
    try (TfliteClassifier classifier =
        TfliteClassifier.open(TfliteWriter.bytes(graph, options), graph.graph().name(), 1)) {
      QuantizedGraphs.assertMatches(graph, batch, classifier);
    }
  }

  private static byte[] file(Graph graph) {
    return TfliteWriter.bytes(
        QuantizedGraphs.of(graph, OperationCases.input(graph, 1)), TfliteOptions.STANDARD);
  }

  private static void assertMatches(Graph graph) {
    Tensor batch = OperationCases.input(graph, 3);
    QuantizedGraph quantized = QuantizedGraphs.of(graph, batch);
    try (TfliteClassifier classifier =
        TfliteClassifier.open(
            TfliteWriter.bytes(quantized, TfliteOptions.STANDARD), graph.name(), 1)) {
      QuantizedGraphs.assertMatches(quantized, batch, classifier);
    }
  }

  private static void assertMatchesWhole(Graph graph) {
    Tensor batch = QuantizedGraphs.images(graph, 40);
    QuantizedGraph quantized = QuantizedGraphs.of(graph, batch);
    try (TfliteClassifier classifier =
        TfliteClassifier.open(
            TfliteWriter.bytes(quantized, TfliteOptions.STANDARD), graph.name(), 1)) {
      QuantizedGraphs.assertMatchesWhole(quantized, batch, classifier, ExportFormat.TFLITE);
    }
  }
}

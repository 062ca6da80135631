package shallows.export.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.SubGraph;
import shallows.export.BinaryNetworks;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.export.FileForm;
import shallows.export.NetworkFiles;
import shallows.export.ShakenNetworks;
import shallows.export.onnx.QdqOnnxWriter;
import shallows.export.pass.ExportPasses;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.runtime.TfliteClassifier;
import shallows.export.tflite.TfliteBatch;
import shallows.export.tflite.TfliteEdges;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** Files of integers in which all weights of a layer share one scale. */
class WeightScalesTest {
  private static final Graph NETWORK =
      ExportPasses.all(
          BinaryNetworks.of(ShakenNetworks.create("resnet-20-s2", Shape.of(1, 28, 28))));

  static List<Graph> operations() {
    return QuantizedGraphs.operations();
  }

  private static QuantizedGraph quantized(Graph graph, Tensor batch) {
    return QuantizedGraphs.of(graph, batch).with(WeightScales.PER_TENSOR);
  }

  private static RuntimeClassifier open(QuantizedGraph graph, ExportFormat format) {
    String name = graph.graph().name();
    return format == ExportFormat.ONNX
        ? OnnxRuntimeClassifier.open(QdqOnnxWriter.bytes(graph), name, 1)
        : TfliteClassifier.open(TfliteWriter.bytes(graph, TfliteOptions.STANDARD), name, 1);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOperationMatchesTheSimulation(Graph graph) {
    Tensor batch = OperationCases.input(graph, 3);
    QuantizedGraph quantized = quantized(graph, batch);
    for (ExportFormat format : ExportFormat.values()) {
      try (RuntimeClassifier classifier = open(quantized, format)) {
        QuantizedGraphs.assertMatches(quantized, batch, classifier);
      }
    }
  }

  /** Its binary layers are bytes with one scale, too. */
  @ParameterizedTest
  @EnumSource
  void aWholeNetworkMatchesTheSimulation(ExportFormat format) {
    Tensor batch = QuantizedGraphs.images(NETWORK, 40);
    QuantizedGraph quantized = quantized(NETWORK, batch);
    try (RuntimeClassifier classifier = open(quantized, format)) {
      QuantizedGraphs.assertMatchesWhole(quantized, batch, classifier, format);
    }
  }

  @Test
  void theLargestWeightOfATensorIsTheLargestInteger() {
    QuantizedGraph quantized = quantized(NETWORK, OperationCases.input(NETWORK, 1));
    for (Node node : quantized.graph().nodes()) {
      if (node.operation().weighs()) {
        QuantizedWeights weights = quantized.weights(node);
        assertEquals(
            127,
            IntStream.range(0, weights.values().length)
                .map(i -> Math.abs(weights.values()[i]))
                .max()
                .orElseThrow(),
            node.name());
        for (float scale : weights.scales()) {
          assertEquals(weights.scales()[0], scale, node.name());
        }
      }
    }
  }

  @Test
  void filtersAndBiasesOfATfliteFileHaveOneScaleEach() {
    byte[] file =
        TfliteWriter.bytes(
            quantized(NETWORK, OperationCases.input(NETWORK, 1)), TfliteOptions.STANDARD);
    Model model = Model.getRootAsModel(ByteBuffer.wrap(file));
    SubGraph graph = model.subgraphs(0);
    int layers = 0;
    for (int i = 0; i < graph.operatorsLength(); i++) {
      int code = model.operatorCodes((int) graph.operators(i).opcodeIndex()).builtinCode();
      if (code == BuiltinOperator.CONV_2D || code == BuiltinOperator.DEPTHWISE_CONV_2D) {
        layers++;
        for (int input : new int[] {1, 2}) {
          int tensor = graph.operators(i).inputs(input);
          assertEquals(1, graph.tensors(tensor).quantization().scaleLength());
          assertEquals(0, graph.tensors(tensor).quantization().quantizedDimension());
        }
      }
    }
    assertTrue(layers > 10);
  }

  /** Whose binary weights have a scale for each output. */
  @Test
  void filesOfSignsAreLeftOut() {
    ExportSettings settings =
        new ExportSettings(
            List.of(ExportFormat.TFLITE),
            List.of(ExportPrecision.INT8, ExportPrecision.BINARY_FAST, ExportPrecision.MIXED),
            TfliteBatch.ONE,
            TfliteEdges.FLOATS,
            Int8Sums.ADD,
            WeightScales.PER_TENSOR,
            null);
    assertEquals(
        List.of(new FileForm(ExportPrecision.INT8, ExportFormat.TFLITE)),
        NetworkFiles.of(NETWORK, settings).forms());
  }

  @Test
  void scalesOfAnOnnxFileAreScalars() throws Exception {
    ModelProto model =
        ModelProto.parseFrom(
            QdqOnnxWriter.bytes(quantized(NETWORK, OperationCases.input(NETWORK, 1))));
    List<TensorProto> scales =
        model.getGraph().getInitializerList().stream()
            .filter(tensor -> tensor.getName().endsWith("/scale"))
            .toList();
    assertTrue(scales.size() > 40);
    for (TensorProto scale : scales) {
      assertEquals(0, scale.getDimsCount(), scale.getName());
    }
  }

  @Test
  void simulatedTrainingRoundsLikewise() {
    QuantizedGraph quantized = quantized(NETWORK, OperationCases.input(NETWORK, 1));
    assertTrue(
        quantized.fakeQuantization().layers().values().stream()
            .noneMatch(layer -> layer.perChannel() || layer.largest() != 127));
  }
}

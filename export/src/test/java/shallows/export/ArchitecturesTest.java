package shallows.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.export.onnx.QdqOnnxWriter;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.QuantizedGraphs;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.export.runtime.TfliteClassifier;
import shallows.export.tflite.NativeTflite;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.write.OnnxWriter;

/** Each architecture as files, against the interpreter and against simulated quantization. */
class ArchitecturesTest {
  private static final Shape SMALL = Shape.of(3, 17, 15);

  static Stream<Graph> networks() {
    return Stream.concat(
        smallNetworks(),
        Stream.of(
            ShakenNetworks.create("bottleneck-50", Shape.of(3, 64, 65)),
            ShakenNetworks.create("fmp-6-3", SMALL)));
  }

  static Stream<Graph> smallNetworks() {
    return Stream.of(
            "resnet-14-b",
            "preresnet-14",
            "preresnet-14-b-s2",
            "wrn-16-2-d0.3",
            "densenet-13-6",
            "densenet-bc-16-6",
            "mobilenet-v2-s1")
        .map(name -> ShakenNetworks.create(name, SMALL));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void filesOfFloatsAgreeWithTheInterpreter(Graph graph) {
    Tensor batch = OperationCases.input(graph, 1);
    for (Graph form : List.of(graph, ExportPasses.all(graph))) {
      try (OnnxRuntimeClassifier onnx =
              OnnxRuntimeClassifier.open(OnnxWriter.bytes(form), form.name(), 1);
          TfliteClassifier tflite =
              TfliteClassifier.open(TfliteWriter.bytes(form), form.name(), 1)) {
        Agreement.assertAgrees(graph, batch, onnx);
        Agreement.assertAgrees(graph, batch, tflite);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("smallNetworks")
  void filesOfBytesMatchTheSimulation(Graph graph) {
    Graph folded = ExportPasses.all(graph);
    Tensor batch = QuantizedGraphs.images(folded, 10);
    QuantizedGraph quantized = QuantizedGraphs.of(folded, batch);
    byte[] tflite = TfliteWriter.bytes(quantized, TfliteOptions.STANDARD);
    try (TfliteClassifier runtime = TfliteClassifier.open(tflite, graph.name(), 1);
        OnnxRuntimeClassifier onnx =
            OnnxRuntimeClassifier.open(QdqOnnxWriter.bytes(quantized), graph.name(), 1)) {
      QuantizedGraphs.assertMatchesWhole(quantized, batch, runtime, ExportFormat.TFLITE);
      QuantizedGraphs.assertMatchesWhole(quantized, batch, onnx, ExportFormat.ONNX);
    }
    assertEquals(List.of("TfLiteXNNPackDelegate"), NativeTflite.plan(tflite));
  }

  /** Zeros are put around the activated image, so it cannot fold into the convolution behind it. */
  @ParameterizedTest
  @ValueSource(strings = {"preresnet-14", "wrn-16-2"})
  void withPreactivationOnlyTheNormBehindASumIsLeft(String name) {
    Graph folded = ExportPasses.all(ShakenNetworks.create(name, SMALL));
    for (Node node : folded.nodes()) {
      if (node.operation() instanceof Operation.BatchNorm) {
        Operation before = folded.node(node.inputs().get(0)).operation();
        boolean readTwice = folded.uses().get(node.inputs().get(0)) > 1;
        assertTrue(before instanceof Operation.Add || readTwice, node.toString());
      }
    }
  }
}

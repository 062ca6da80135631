package shallows.export.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import shallows.data.PixelOrder;
import shallows.data.evaluation.Classifier;
import shallows.export.BinaryNetworks;
import shallows.export.ShakenNetworks;
import shallows.export.onnx.QdqOnnxWriter;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.simulate.SimulatedQuantization;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.runtime.TfliteClassifier;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.export.verify.InterpreterClassifier;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** Files of integers in which some layers compute in floats. */
class FloatsAmongIntegersTest {
  static List<Graph> operations() {
    return QuantizedGraphs.operations();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOperationComputesInFloats(Graph graph) {
    Tensor batch = OperationCases.input(graph, 3);
    QuantizedGraph integers = QuantizedGraphs.of(graph, batch);
    List<String> operators = integers.operators().stream().map(Node::name).toList();
    // All of them, and the first alone, which others of integers read.
    for (int count : operators.size() == 1 ? new int[] {1} : new int[] {operators.size(), 1}) {
      QuantizedGraph mixed = integers.withFloats(Set.copyOf(operators.subList(0, count)));
      try (RuntimeClassifier onnx = onnx(mixed);
          RuntimeClassifier tflite = tflite(mixed)) {
        QuantizedGraphs.assertMatches(mixed, batch, onnx);
        QuantizedGraphs.assertMatches(mixed, batch, tflite);
      }
    }
  }

  @Test
  void wholeNetworksMatchTheSimulation() {
    for (Graph graph :
        List.of(
            ShakenNetworks.create("resnet-20-s2", Shape.of(1, 28, 28)),
            BinaryNetworks.of(ShakenNetworks.create("resnet-20-s2", Shape.of(1, 28, 28))))) {
      Graph folded = ExportPasses.all(graph);
      Tensor batch = QuantizedGraphs.images(folded, 20);
      QuantizedGraph integers = QuantizedGraphs.of(folded, batch);
      List<Node> operators = integers.operators();
      // Runs of floats of one and of two, so that some values between them are not rounded.
      QuantizedGraph mixed =
          integers.withFloats(
              IntStream.range(0, operators.size())
                  .filter(i -> i % 5 == 1 || i % 5 == 3 || i % 5 == 4)
                  .mapToObj(i -> operators.get(i).name())
                  .collect(Collectors.toSet()));
      assertTrue(
          mixed.quantizations().keySet().stream().anyMatch(value -> !mixed.isRounded(value)));
      try (RuntimeClassifier onnx = onnx(mixed);
          RuntimeClassifier tflite = tflite(mixed)) {
        assertMatches(mixed, batch, onnx);
        assertMatches(mixed, batch, tflite);
      }
    }
  }

  @Test
  void aValueIsRoundedUnlessAllThatWriteOrReadItAreFloats() {
    Graph folded = ExportPasses.all(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28)));
    QuantizedGraph integers = QuantizedGraphs.of(folded, OperationCases.input(folded, 2));
    Graph graph = integers.graph();
    Node second = graph.node(graph.blocks().get(0).branch());
    String between = second.inputs().get(0);
    String first = graph.node(between).inputs().get(0);
    assertFalse(integers.withFloats(Set.of(first, second.name())).isRounded(between));
    assertTrue(integers.withFloats(Set.of(first)).isRounded(between));
    assertTrue(integers.withFloats(Set.of(second.name())).isRounded(between));
    Set<String> all = integers.operators().stream().map(Node::name).collect(Collectors.toSet());
    assertTrue(integers.withFloats(all).isRounded(graph.input().name()));
    assertTrue(integers.withFloats(all).isRounded(graph.output()));
    assertEquals(Map.of(), integers.withFloats(all).fakeQuantization().layers());
    assertThrows(
        IllegalArgumentException.class, () -> integers.withFloats(Set.of("no such layer")));
  }

  /**
   * As the verification asks it of an arithmetic that is not known: sums of floats differ in their
   * last bits from one runtime to the next, and some value of many thousands lies so near to the
   * middle between two steps that this decides.
   */
  private static void assertMatches(QuantizedGraph graph, Tensor batch, RuntimeClassifier runtime) {
    try (Classifier simulation = new SimulatedQuantization(graph);
        Classifier floats = new InterpreterClassifier(graph.graph())) {
      int count = batch.shape().dimension(0);
      float[] images = PixelOrder.channelsLast(batch.values(), count, batch.shape().dimension(1));
      float[][] expected = simulation.logits(images, count);
      double rounding = mostSteps(runtime.logits(images, count), expected, graph.outputStep());
      double quantization = mostSteps(floats.logits(images, count), expected, graph.outputStep());
      double allowed = QuantizedGraphs.TOLERANCE * Math.max(1, Math.sqrt(2) * quantization);
      assertTrue(rounding <= allowed, graph.graph().name() + ": " + rounding + " of " + allowed);
    }
  }

  /** What 99 of 100 outputs are apart at most. */
  private static double mostSteps(float[][] found, float[][] expected, float step) {
    double[] steps =
        IntStream.range(0, found.length * found[0].length)
            .mapToDouble(
                i ->
                    found[i / found[0].length][i % found[0].length]
                        - expected[i / found[0].length][i % found[0].length])
            .map(difference -> Math.abs(difference) / step)
            .sorted()
            .toArray();
    return steps[(int) Math.ceil(0.99 * steps.length) - 1];
  }

  private static RuntimeClassifier onnx(QuantizedGraph graph) {
    return OnnxRuntimeClassifier.open(QdqOnnxWriter.bytes(graph), graph.graph().name(), 1);
  }

  private static RuntimeClassifier tflite(QuantizedGraph graph) {
    return TfliteClassifier.open(
        TfliteWriter.bytes(graph, TfliteOptions.STANDARD), graph.graph().name(), 1);
  }
}

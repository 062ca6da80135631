package shallows.export.quantize;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import shallows.data.PixelOrder;
import shallows.data.evaluation.Classifier;
import shallows.export.ExportFormat;
import shallows.export.FlatOutput;
import shallows.export.TestImages;
import shallows.export.pass.ToConvolutions;
import shallows.export.quantize.simulate.SimulatedQuantization;
import shallows.export.verify.InterpreterClassifier;
import shallows.export.verify.RuntimeArithmetic;
import shallows.model.graph.Graph;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;

/** Graphs with the ranges that their values have on one batch, and what their files must answer. */
public final class QuantizedGraphs {
  /**
   * Steps of the output. Runtimes scale sums with the precision of their own multipliers, so a
   * value in the middle between two steps may go either way: off by one is right, by two is not.
   */
  public static final double TOLERANCE = 1.001;

  private QuantizedGraphs() {}

  public static List<Graph> operations() {
    return OperationCases.all().stream().map(FlatOutput::of).toList();
  }

  public static QuantizedGraph of(Graph folded, Tensor batch) {
    return of(folded, batch, Int8Sums.ADD);
  }

  public static QuantizedGraph of(Graph folded, Tensor batch, Int8Sums sums) {
    return QuantizedGraph.of(folded, quantizations(folded, batch, sums));
  }

  static Map<String, Quantization> quantizations(Graph folded, Tensor batch) {
    return quantizations(folded, batch, Int8Sums.ADD);
  }

  private static Map<String, Quantization> quantizations(
      Graph folded, Tensor batch, Int8Sums sums) {
    Graph graph = ToConvolutions.apply(folded);
    Map<String, Tensor> values = Interpreter.values(graph, batch);
    Map<String, Range> ranges = new HashMap<>();
    for (String value : QuantizedGraph.rounded(graph).keySet()) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (float x : values.get(value).values()) {
        low = Math.min(low, x);
        high = Math.max(high, x);
      }
      ranges.put(value, new Range(low, high));
    }
    return SharedRanges.quantizations(graph, ranges, sums);
  }

  /** A batch of images that a network tells apart, unlike noise. */
  public static Tensor images(Graph graph, int count) {
    float[] pixels =
        TestImages.labelledBy(graph, count).normalized(0, count, graph.task().normalization());
    Shape image = graph.input().shape();
    return new Tensor(
        image.withBatch(count), PixelOrder.channelsFirst(pixels, count, image.dimension(0)));
  }

  /** Every output within a step of exact arithmetic. */
  public static void assertMatches(QuantizedGraph graph, Tensor batch, Classifier classifier) {
    assertMatches(graph, batch, classifier, new SimulatedQuantization(graph));
  }

  /**
   * Every output of a whole network within a step, simulated in the arithmetic of its runtime. On a
   * processor where that is another one the test is looser, and then says that it was skipped: two
   * roundings are at most √2 times as far apart as each is from the exact value, but for one output
   * of a hundred.
   */
  public static void assertMatchesWhole(
      QuantizedGraph graph, Tensor batch, Classifier classifier, ExportFormat format) {
    assertMatchesWhole(graph, batch, classifier, format, false);
  }

  /**
   * As above.
   *
   * @param packed whether binary weights are bits
   */
  public static void assertMatchesWhole(
      QuantizedGraph graph,
      Tensor batch,
      Classifier classifier,
      ExportFormat format,
      boolean packed) {
    Optional<SimulatedQuantization> known = RuntimeArithmetic.simulation(format, packed, graph);
    if (known.isPresent()) {
      assertMatches(graph, batch, classifier, known.get());
      return;
    }
    SimulatedQuantization exact = new SimulatedQuantization(graph);
    double[] rounding = steps(graph, batch, classifier, exact);
    double[] quantization = steps(graph, batch, new InterpreterClassifier(graph.graph()), exact);
    int most = (int) Math.ceil(0.99 * rounding.length) - 1;
    double allowed = TOLERANCE * Math.max(1, Math.sqrt(2) * quantization[most]);
    assertTrue(
        rounding[most] <= allowed,
        () -> graph.graph().name() + ": off by " + rounding[most] + " steps of " + allowed);
    Assumptions.abort("the arithmetic of " + format + " on this processor is not the known one");
  }

  /** Every output within a step of a simulation. */
  public static void assertMatches(
      QuantizedGraph graph, Tensor batch, Classifier classifier, SimulatedQuantization oracle) {
    double[] steps = steps(graph, batch, classifier, oracle);
    double most = steps[steps.length - 1];
    assertTrue(most <= TOLERANCE, () -> graph.graph().name() + ": off by " + most + " steps");
  }

  private static double[] steps(
      QuantizedGraph graph, Tensor batch, Classifier classifier, SimulatedQuantization oracle) {
    int count = batch.shape().dimension(0);
    float[] images = PixelOrder.channelsLast(batch.values(), count, batch.shape().dimension(1));
    float[][] found = classifier.logits(images, count);
    float[][] expected = oracle.logits(images, count);
    int classes = expected[0].length;
    return IntStream.range(0, count * classes)
        .mapToDouble(i -> expected[i / classes][i % classes] - found[i / classes][i % classes])
        .map(difference -> Math.abs(difference) / graph.outputStep())
        .sorted()
        .toArray();
  }
}

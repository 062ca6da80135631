package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.OperationCases;
import shallows.model.graph.PoolingRegions;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.graph.TestGraphs;
import shallows.train.options.Compute;

/**
 * Gradients against central differences of the loss over the reference interpreter. One parameter
 * tensor at a time moves by ±h along its own gradient, made a unit vector: the loss must change by
 * h·|gradient| each way, and along a random direction by as much as the gradient says.
 */
class GradientTest {
  /**
   * h. The loss, some units large, comes from logits with errors of about 1e-7, so the difference
   * quotient is off by about 1e-7 / h; the third derivative adds h², and a ReLU or a maximum that
   * changes sides within ±h some more. 2e-3 balances the two.
   */
  private static final double STEP = 2e-3;

  /** Of the gradient's length: what the errors above come to in the worst case, threefold. */
  private static final double TOLERANCE = 0.02;

  /** Where the gradient is as good as nothing (a bias before batch norm), the quotient is noise. */
  private static final double NOISE = 1e-3;

  private static final int COUNT = 3;

  @TestFactory
  List<DynamicTest> gradientsThroughEveryOperationAreDifferenceQuotients() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Graph single : OperationCases.all()) {
      // The interpreter knows neither the latent weights of the one nor the masks of the other.
      if (!single.name().startsWith("binary") && !single.name().startsWith("Dropout")) {
        // A step draws the regions of fractional pools by its seed, and so they are drawn here.
        Graph graph = PoolingRegions.redrawn(between(single), 0);
        tests.add(DynamicTest.dynamicTest(graph.name(), () -> assertGradients(graph, STEP)));
      }
    }
    return tests;
  }

  @Test
  void gradientsThroughAWholeNetworkAreDifferenceQuotients() {
    assertGradients(TestGraphs.twoBlocks(), STEP);
  }

  /**
   * The graph behind a 1x1 convolution, so that there is a gradient to send through its operation,
   * and before a flattening, so that its outputs are logits.
   */
  static Graph between(Graph single) {
    String image = single.input().name();
    int channels = single.input().shape().dimension(0);
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    Shape shape = Shape.of(channels, channels, 1, 1);
    Random random = new Random(8);
    float[] weight = new float[shape.size()];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (float) random.nextGaussian();
    }
    parameters.put("before/weight", new Tensor(shape, weight));
    parameters.putAll(single.parameters());
    List<Node> nodes = new ArrayList<>();
    nodes.add(new Node("before", Operation.Conv2d.of(1, 0), List.of(image, "before/weight")));
    for (Node node : single.nodes()) {
      nodes.add(
          node.withInputs(
              node.inputs().stream().map(i -> i.equals(image) ? "before" : i).toList()));
    }
    String output = single.output();
    if (single.shape(output).rank() > 1) {
      nodes.add(new Node("after", new Operation.Flatten(), List.of(output)));
      output = "after";
    }
    return new Graph(
        single.name(),
        single.input(),
        nodes,
        output,
        parameters,
        List.of(),
        single.task(),
        Map.of());
  }

  private static void assertGradients(Graph graph, double step) {
    Tensor batch = Batches.normal(graph, COUNT, 5);
    float[] targets = Batches.targets(graph, COUNT, 6);
    Map<String, Tensor> gradients;
    try (TorchTraining training = new TorchTraining(graph, 1, Compute.cpu(2))) {
      gradients =
          training.gradient(
              new StepInput(Batches.channelsLast(batch), targets, COUNT, Gates.SCALED, 0));
    }
    Random random = new Random(7);
    gradients.forEach(
        (name, gradient) -> {
          double length = length(gradient.values());
          double[] along = unit(gradient.values(), length);
          double[] anywhere = new double[along.length];
          for (int i = 0; i < anywhere.length; i++) {
            anywhere[i] = random.nextGaussian() / Math.sqrt(anywhere.length);
          }
          for (double[] direction : List.of(along, anywhere)) {
            double expected = 0;
            for (int i = 0; i < direction.length; i++) {
              expected += direction[i] * gradient.values()[i];
            }
            double up = loss(graph, name, direction, step, batch, targets);
            double down = loss(graph, name, direction, -step, batch, targets);
            assertEquals(expected, (up - down) / (2 * step), TOLERANCE * length + NOISE, name);
          }
        });
  }

  private static double loss(
      Graph graph, String name, double[] direction, double step, Tensor batch, float[] targets) {
    Tensor old = graph.parameter(name);
    float[] moved = new float[old.size()];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = (float) (old.values()[i] + step * direction[i]);
    }
    Graph there = graph.withParameters(new HashMap<>(Map.of(name, new Tensor(old.shape(), moved))));
    return Batches.loss(TrainingOracle.logits(there, batch), targets, COUNT);
  }

  private static double length(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }

  private static double[] unit(float[] values, double length) {
    double[] unit = new double[values.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = length == 0 ? 0 : values[i] / length;
    }
    return unit;
  }
}

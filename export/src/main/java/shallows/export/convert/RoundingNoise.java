package shallows.export.convert;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import shallows.model.graph.Graph;
import shallows.model.graph.Liveness;
import shallows.model.graph.Node;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;

/**
 * How far the outputs of a network move when every number in it is rounded: Monte Carlo arithmetic
 * (Parker 1997). Each value x in between becomes x·(1 + u·ξ), with u the roundoff of the arithmetic
 * and ξ uniform in [−1, 1], drawn for each number; the largest change of an output over a few such
 * runs is the noise. Sums that cancel, large offsets and saturation count for what they are.
 */
final class RoundingNoise {
  /** Of ξ, so that a run that is quiet by chance is not taken for the truth. */
  private static final int DRAWS = 3;

  private RoundingNoise() {}

  /**
   * The largest change of an output.
   *
   * @param image {@code (1, C, H, W)}
   * @param roundoff u
   * @param ended what becomes of the graph's output before it is looked at
   */
  static double of(Graph graph, Tensor image, double roundoff, UnaryOperator<float[]> ended) {
    float[] plain = ended.apply(run(graph, image, 0, new Random(0)));
    double noise = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      float[] moved = ended.apply(run(graph, image, roundoff, new Random(draw)));
      for (int i = 0; i < plain.length; i++) {
        noise = Math.max(noise, Math.abs((double) moved[i] - plain[i]));
      }
    }
    return noise;
  }

  private static float[] run(Graph graph, Tensor image, double roundoff, Random random) {
    Map<String, List<String>> released = Liveness.releasedBehind(graph);
    Map<String, Tensor> values = new HashMap<>(graph.parameters());
    values.put(graph.input().name(), moved(image, roundoff, random));
    for (Node node : graph.nodes()) {
      Tensor[] inputs = node.inputs().stream().map(values::get).toArray(Tensor[]::new);
      Tensor value =
          Interpreter.value(node.operation(), graph.shape(node.name()).withBatch(1), inputs);
      values.put(node.name(), moved(value, roundoff, random));
      values.keySet().removeAll(released.getOrDefault(node.name(), List.of()));
    }
    return values.get(graph.output()).values();
  }

  private static Tensor moved(Tensor value, double roundoff, Random random) {
    if (roundoff == 0) {
      return value;
    }
    float[] moved = new float[value.size()];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = (float) (value.values()[i] * (1 + roundoff * (2 * random.nextDouble() - 1)));
    }
    return new Tensor(value.shape(), moved);
  }
}

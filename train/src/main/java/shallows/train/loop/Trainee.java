package shallows.train.loop;

import java.util.List;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Graph;
import shallows.train.options.LayerRates;
import shallows.train.options.StochasticDepth;

/**
 * What a training trains.
 *
 * @param graph starts with its parameters; survival probabilities and normalization are its own
 * @param depth how blocks are switched off
 * @param quantization what is rounded on the way, in training and where the epochs are measured
 * @param rule has the last word on what images are trained towards
 * @param rates which layers learn more slowly
 * @param earlier epochs that a part of it was trained for already; the history begins with them
 */
public record Trainee(
    Graph graph,
    StochasticDepth depth,
    FakeQuantization quantization,
    TargetRule rule,
    LayerRates rates,
    List<Epoch> earlier) {
  public Trainee {
    earlier = List.copyOf(earlier);
  }

  /** A network that rounds nothing, whose blocks are off for a whole batch, and its labels. */
  public static Trainee of(Graph graph) {
    return of(graph, StochasticDepth.PER_BATCH);
  }

  /** A network that rounds nothing, trained towards its labels. */
  public static Trainee of(Graph graph, StochasticDepth depth) {
    return of(graph, depth, FakeQuantization.NONE, TargetRule.LABELS);
  }

  /** Whose blocks are all on, for a fine-tuning. */
  public static Trainee whole(Graph graph, FakeQuantization quantization, TargetRule rule) {
    return of(graph, StochasticDepth.NONE, quantization, rule);
  }

  private static Trainee of(
      Graph graph, StochasticDepth depth, FakeQuantization quantization, TargetRule rule) {
    return new Trainee(graph, depth, quantization, rule, LayerRates.ALIKE, List.of());
  }

  public Trainee towards(TargetRule other) {
    return new Trainee(graph, depth, quantization, other, rates, earlier);
  }

  /** Of which a part was trained for some epochs, and which now learns at these rates. */
  public Trainee after(List<Epoch> epochs, LayerRates others) {
    return new Trainee(graph, depth, quantization, rule, others, epochs);
  }
}

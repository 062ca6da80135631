package shallows.train.evidence;

import com.google.gson.reflect.TypeToken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import shallows.model.graph.Graph;
import shallows.model.json.JsonFormat;
import shallows.model.network.SurvivalSchedule;
import shallows.train.checkpoint.Restorable;
import shallows.train.checkpoint.State;
import shallows.train.engine.Gates;
import shallows.train.options.StochasticDepth;

/** The gates of one training: how likely each block is on, and what is drawn for each step. */
public final class SurvivalGates implements Restorable {
  private static final String SCORES = "scores";
  private static final String UPDATES = "updates";
  private static final JsonFormat<double[]> SCORE_FORMAT =
      new JsonFormat<>(double[].class, "scores", null);
  private static final JsonFormat<List<SurvivalUpdate>> UPDATE_FORMAT =
      new JsonFormat<>(new TypeToken<List<SurvivalUpdate>>() {}, "updates", null);

  private final StochasticDepth depth;

  /** Null where probabilities stay as they are. */
  private final LearnedSurvival learned;

  private final List<SurvivalUpdate> updates = new ArrayList<>();
  private float[] probabilities;

  /**
   * @param graph whose blocks begin with the probabilities of its scales
   */
  public SurvivalGates(Graph graph, StochasticDepth depth) {
    this.depth = depth;
    probabilities = new float[graph.blocks().size()];
    for (int b = 0; b < probabilities.length; b++) {
      probabilities[b] = graph.survival(graph.blocks().get(b));
    }
    boolean learns = depth.gates() == StochasticDepth.Gates.LEARNED;
    learned = learns ? new LearnedSurvival(probabilities, depth.price().of(graph)) : null;
    if (learns) {
      probabilities = learned.probabilities();
      remember(0);
    }
  }

  /**
   * What runs in the next step.
   *
   * @param random gives one number a block, or one a block and image
   * @param images in the batch
   */
  public Gates draw(Random random, int images) {
    return switch (depth.gates()) {
      case NONE -> Gates.SCALED;
      case PER_BATCH, LEARNED -> Gates.perBatch(draw(probabilities, random));
      case PER_SAMPLE -> Gates.perSample(draw(probabilities, random, images));
    };
  }

  /**
   * One gate a block.
   *
   * @param survival probability that each is on
   */
  static boolean[] draw(float[] survival, Random random) {
    boolean[] on = new boolean[survival.length];
    for (int b = 0; b < on.length; b++) {
      on[b] = random.nextDouble() < survival[b];
    }
    return on;
  }

  private static boolean[][] draw(float[] survival, Random random, int images) {
    boolean[][] kept = new boolean[survival.length][images];
    for (int b = 0; b < kept.length; b++) {
      for (int i = 0; i < images; i++) {
        kept[b][i] = random.nextDouble() < survival[b];
      }
    }
    return kept;
  }

  /** Block by block whether it ran, for the log. */
  public boolean[] ran(Gates gates) {
    if (gates.on() != null) {
      return gates.on();
    }
    boolean[] all = new boolean[probabilities.length];
    Arrays.fill(all, true);
    return all;
  }

  /**
   * Whether {@link #learn} changes the gates of the steps behind this many, so that these cannot be
   * drawn before.
   */
  public boolean learnsAfter(long steps) {
    return learned != null && LearnedSurvival.isDue(steps);
  }

  /** Learns from the log, if it is time to; to be called after every step. */
  public void learn(StepLog log) {
    if (learnsAfter(log.size())) {
      learned.update(log);
      probabilities = learned.probabilities();
      remember(log.size());
    }
  }

  private void remember(int step) {
    List<Float> now = new ArrayList<>();
    for (float probability : probabilities) {
      now.add(probability);
    }
    updates.add(new SurvivalUpdate(step, now));
  }

  /** The probability of each block in the next step, shallowest first, a copy. */
  public float[] probabilities() {
    return probabilities.clone();
  }

  /** How the probabilities came to be what they are; empty where they never change. */
  public List<SurvivalUpdate> updates() {
    return List.copyOf(updates);
  }

  /** The graph with the probabilities of now at the ends of its branches. */
  public Graph applyTo(Graph graph) {
    if (learned == null) {
      return graph;
    }
    double[] factors = new double[probabilities.length];
    for (int b = 0; b < factors.length; b++) {
      factors[b] = probabilities[b];
    }
    return SurvivalSchedule.withProbabilities(graph, factors);
  }

  @Override
  public State state() {
    return learned == null
        ? new State(Map.of(), Map.of())
        : new State(
            Map.of(),
            Map.of(
                SCORES,
                JsonFormat.compact(learned.scores()),
                UPDATES,
                JsonFormat.compact(updates)));
  }

  @Override
  public void restore(State state) {
    if (learned != null) {
      learned.restore(state.value(SCORES, SCORE_FORMAT));
      probabilities = learned.probabilities();
      updates.clear();
      updates.addAll(state.value(UPDATES, UPDATE_FORMAT));
    }
  }
}

package shallows.train.evidence;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import shallows.model.BadInputException;
import shallows.model.Expect;
import shallows.model.graph.Graph;
import shallows.model.json.JsonFormat;
import shallows.model.json.OrNull;

/**
 * {@code survival.json}: what the steps of a training say about its blocks, beside leave-one-out,
 * which checks them.
 *
 * @param steps of the whole training
 * @param blocks shallowest first
 * @param history how learned survival probabilities moved; empty where they never do
 */
public record SurvivalStatistics(
    int steps, List<BlockStatistics> blocks, List<SurvivalUpdate> history) {
  private static final JsonFormat<SurvivalStatistics> FORMAT =
      new JsonFormat<>(
          SurvivalStatistics.class, "survival statistics", "train first, or once more");

  public SurvivalStatistics {
    Expect.atLeast(0, "steps", steps);
    blocks = Expect.list("blocks", blocks);
    history = Expect.list("history", history);
    for (BlockStatistics block : blocks) {
      if ((long) block.on() + block.off() != steps) {
        throw new IllegalArgumentException(
            "block '"
                + block.name()
                + "' must have been on or off in each of the "
                + steps
                + " steps, found "
                + block.on()
                + " and "
                + block.off());
      }
    }
  }

  /** Of probabilities that never change. */
  public SurvivalStatistics(int steps, List<BlockStatistics> blocks) {
    this(steps, blocks, List.of());
  }

  public SurvivalStatistics withHistory(List<SurvivalUpdate> other) {
    return new SurvivalStatistics(steps, blocks, other);
  }

  /**
   * One block.
   *
   * @param name as in the graph
   * @param survival probability that it is on in a step, in [0, 1]
   * @param on in how many steps it was
   * @param off in how many it was not
   * @param effect loss(off) − loss(on) in nats by {@link BlockEffects}; null where it was always on
   *     or always off, or too few steps tell
   * @param standardError of the effect in nats; null with it
   * @param leaveOneOut the same difference by {@link LeaveOneOut}; null where it was not measured
   * @param leaveOneOutError its standard error in nats; null with it
   * @param taylor by {@link BlockScores}, as the three below; null where it was not measured
   * @param secondOrder what dropping the block would add to the loss on held-out images, in nats;
   *     null likewise
   * @param l1 mean |weight|; null likewise
   * @param gamma mean |γ|; null likewise
   */
  public record BlockStatistics(
      String name,
      float survival,
      int on,
      int off,
      @OrNull Double effect,
      @OrNull Double standardError,
      @OrNull Double leaveOneOut,
      @OrNull Double leaveOneOutError,
      @OrNull Double taylor,
      @OrNull Double secondOrder,
      @OrNull Double l1,
      @OrNull Double gamma) {
    public BlockStatistics {
      Expect.text("name", name);
      Expect.fraction("survival", survival);
      Expect.atLeast(0, "on", on);
      Expect.atLeast(0, "off", off);
      for (Double error : new Double[] {standardError, leaveOneOutError}) {
        if (error != null) {
          Expect.notNegative("a standard error", error);
        }
      }
      if ((effect == null) != (standardError == null)) {
        throw new IllegalArgumentException(
            "block '" + name + "' must have an effect with a standard error or neither");
      }
      if (leaveOneOut == null && leaveOneOutError != null) {
        throw new IllegalArgumentException(
            "block '" + name + "' must have leave-one-out where it has the error of it");
      }
    }

    /**
     * What the effect foretells of dropping the block from the network that stands for the
     * ensemble: p·β, in nats; null where there is no effect. A branch that is on in training counts
     * in full, and there with its survival p as a factor, so that to first order taking it away
     * changes the loss p times as much.
     */
    public Double effectInEnsemble() {
      return effect == null ? null : Double.valueOf(survival * effect);
    }
  }

  /**
   * @param graph whose blocks the log is about
   * @param leaveOneOut by name of the block; blocks that it leaves out get null
   * @param scores likewise
   */
  public static SurvivalStatistics of(
      Graph graph,
      StepLog log,
      Map<String, LeaveOneOut.Difference> leaveOneOut,
      Map<String, BlockScores.Score> scores) {
    List<BlockEffects.Effect> effects = BlockEffects.estimate(log);
    List<BlockStatistics> blocks = new ArrayList<>();
    for (int b = 0; b < effects.size(); b++) {
      BlockEffects.Effect effect = effects.get(b);
      int on = log.timesOn(b);
      LeaveOneOut.Difference without = leaveOneOut.get(effect.name());
      BlockScores.Score score =
          scores.getOrDefault(effect.name(), new BlockScores.Score(null, null, null, null));
      blocks.add(
          new BlockStatistics(
              effect.name(),
              graph.survival(graph.block(effect.name()).orElseThrow()),
              on,
              log.size() - on,
              effect.effect(),
              effect.standardError(),
              without == null ? null : without.mean(),
              without == null ? null : without.standardError(),
              score.taylor(),
              score.secondOrder(),
              score.l1(),
              score.gamma()));
    }
    return new SurvivalStatistics(log.size(), blocks);
  }

  /**
   * The rank correlation with leave-one-out that the truth itself would have, since leave-one-out
   * is noisy too: {@link RankCorrelation#attainable}. Empty where fewer than three blocks have it
   * with its error.
   */
  public OptionalDouble attainableCorrelation() {
    List<BlockStatistics> measured =
        blocks.stream().filter(block -> block.leaveOneOutError() != null).toList();
    return RankCorrelation.attainable(
        measured.stream().mapToDouble(BlockStatistics::leaveOneOut).toArray(),
        measured.stream().mapToDouble(BlockStatistics::leaveOneOutError).toArray());
  }

  public void write(Path file) {
    FORMAT.write(this, file);
  }

  /**
   * @throws BadInputException when there is no such file, or it is damaged
   */
  public static SurvivalStatistics read(Path file) {
    return FORMAT.read(file);
  }
}

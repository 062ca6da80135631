package shallows.train.evidence;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import shallows.model.BadInputException;
import shallows.model.file.AtomicFile;
import shallows.model.graph.Graph;

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
  public SurvivalStatistics {
    if (blocks == null || blocks.stream().anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException("blocks must be there, found none or one that is empty");
    }
    blocks = List.copyOf(blocks);
    history = history == null ? List.of() : List.copyOf(history);
    for (BlockStatistics block : blocks) {
      if (block.on() + block.off() != steps) {
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
   * @param leaveOneOutError its standard error in nats; null with it, and in files of before
   * @param taylor by {@link BlockScores}, as the three below; null where it was not measured
   * @param secondOrder what dropping the block would add to the loss on held-out images, in nats;
   *     null likewise, and in files of before
   * @param l1 mean |weight|; null likewise
   * @param gamma mean |γ|; null likewise
   */
  public record BlockStatistics(
      String name,
      float survival,
      int on,
      int off,
      Double effect,
      Double standardError,
      Double leaveOneOut,
      Double leaveOneOutError,
      Double taylor,
      Double secondOrder,
      Double l1,
      Double gamma) {
    public BlockStatistics {
      if (name == null || name.isEmpty()) {
        throw new IllegalArgumentException("a block must have a name, found none");
      }
      if (!(survival >= 0 && survival <= 1) || on < 0 || off < 0) {
        throw new IllegalArgumentException(
            "block '"
                + name
                + "' must have a survival in [0, 1] and counts of at least 0, found "
                + survival
                + ", "
                + on
                + " and "
                + off);
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
    Gson gson = new GsonBuilder().setPrettyPrinting().serializeNulls().create();
    AtomicFile.writeText(file, gson.toJson(this) + "\n");
  }

  /**
   * @throws BadInputException when there is no such file, or it is damaged
   */
  public static SurvivalStatistics read(Path file) {
    try {
      SurvivalStatistics read =
          new Gson().fromJson(Files.readString(file), SurvivalStatistics.class);
      if (read == null) {
        throw new JsonParseException("an empty file");
      }
      return read;
    } catch (NoSuchFileException e) {
      throw new BadInputException(
          file + ": expected survival statistics, found no file; train first", e);
    } catch (MalformedInputException e) {
      throw broken(file, "bytes that are no text", e);
    } catch (IOException e) {
      String wayOut =
          Files.isDirectory(file)
              ? "a folder stands in its place; move it away and train again"
              : "check the disk and the file's owner";
      throw new BadInputException(file + ": cannot be read; " + wayOut, e);
    } catch (RuntimeException e) {
      // Gson wraps what the records say; what it says itself is for programmers.
      String found =
          e.getCause() instanceof IllegalArgumentException refusal
              ? "other values (" + refusal.getMessage() + ")"
              : "damage";
      throw broken(file, found, e);
    }
  }

  private static BadInputException broken(Path file, String found, Exception cause) {
    return new BadInputException(
        file + ": expected survival statistics in JSON, found " + found + "; train again", cause);
  }
}

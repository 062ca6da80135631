package shallows.prune;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.images.LabelledImages;
import shallows.model.onnx.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.train.statistics.SurvivalStatistics;
import shallows.train.statistics.SurvivalStatistics.BlockStatistics;

/**
 * Takes a trained network to a smaller one: drops blocks one by one ({@link Elimination}),
 * binarizes some of those that are left ({@link Binarization}), fine-tunes, and measures after each
 * of these on held-out images whether what is left is still good enough.
 */
public final class Pruner {
  private final Graph full;
  private final SurvivalStatistics statistics;
  private final LabelledImages train;
  private final HeldOut heldOut;
  private final PruneOptions options;

  /**
   * @param full the trained network
   * @param statistics of its training
   * @param train the images it was trained on
   * @param heldOut images that it was not trained on; not the test images
   */
  public Pruner(
      Graph full,
      SurvivalStatistics statistics,
      LabelledImages train,
      LabelledImages heldOut,
      PruneOptions options) {
    this.full = full;
    this.statistics = statistics;
    this.train = train;
    this.heldOut = new HeldOut(heldOut, train, options.compute());
    this.options = options;
  }

  /**
   * Prunes, and writes {@code plan.json} and, last, {@code model.onnx}.
   *
   * @param folder of the run's prune stage
   */
  public PrunedNetwork prune(Path folder, Progress progress) {
    Measurement atFullDepth = heldOut.measureAsItStands(full);
    Elimination elimination =
        new Elimination(full, atFullDepth, heldOut, options.budget(), expectedLoss());
    elimination.run(progress);
    Outcome outcome = fineTuned(elimination, folder, progress);
    Plan plan = new Plan(full.name(), rows(elimination, outcome), elimination.curve());
    PlanFile.write(plan, folder.resolve("plan.json"));
    OnnxWriter.write(outcome.network().graph(), folder.resolve("model.onnx"));
    return new PrunedNetwork(
        outcome.network().graph(), plan, outcome.network().accuracy(), atFullDepth.accuracy());
  }

  /** What fine-tuning left, and which blocks it left binary. */
  private record Outcome(Measurement network, List<Candidate> binarized) {}

  /**
   * Binarizes half of the remaining blocks and fine-tunes; as long as the result is not good
   * enough, half as many. With none left to binarize, the better of the fine-tuned and the merely
   * cut network is taken, which the elimination found good enough. Where a size was asked for, as
   * many blocks are binarized as that takes.
   *
   * @throws BadInputException when the size cannot be reached
   */
  private Outcome fineTuned(Elimination elimination, Path folder, Progress progress) {
    FineTuning tuning = new FineTuning(train, heldOut, options, folder);
    Measurement cut = elimination.current();
    if (!options.budget().isMet(Cost.of(cut.graph()))) {
      Binarization binarization =
          Binarization.measure(cut, heldOut, options.budget(), Cost.of(full), progress);
      Measurement last = null;
      for (int count : counts(binarization)) {
        last = tuning.run(binarization.graph(count), progress);
        if (elimination.isAllowed(last)) {
          return new Outcome(last, binarization.first(count));
        }
      }
      if (options.budget().isSized()) {
        throw outOfReach(binarization, last);
      }
    }
    Measurement tuned = tuning.run(cut.graph(), progress);
    if (tuned.accuracy() < cut.accuracy()) {
      tuning.forget();
      return new Outcome(cut, List.of());
    }
    return new Outcome(tuned, List.of());
  }

  /** How many blocks to try to binarize, in order. */
  private List<Integer> counts(Binarization binarization) {
    List<Integer> counts = new ArrayList<>();
    if (options.budget().isSized()) {
      for (int count = 1; count <= binarization.size() && counts.isEmpty(); count++) {
        if (options.budget().isMet(Cost.of(binarization.graph(count)))) {
          counts.add(count);
        }
      }
    } else {
      for (int count = (binarization.size() + 1) / 2; count > 0; count /= 2) {
        counts.add(count);
      }
    }
    return counts;
  }

  /**
   * @param tuned the network of the size asked for; null where binarizing every block leaves it too
   *     large
   */
  private BadInputException outOfReach(Binarization binarization, Measurement tuned) {
    String budget = "the budget (" + options.budget().inWords() + ") cannot be met: ";
    if (tuned != null) {
      return new BadInputException(
          String.format(
              Locale.ROOT,
              "%sa network of that size gets %.2f %% of the held-out images right, and --max-drop"
                  + " %.2f asks for more; allow a larger --max-drop or size, or more"
                  + " --fine-tune-epochs",
              budget,
              100 * tuned.accuracy(),
              options.budget().maxDrop()));
    }
    Cost smallest = Cost.of(binarization.graph(binarization.size()));
    return new BadInputException(
        String.format(
            Locale.ROOT,
            "%swith every block dropped that --max-drop %.2f allows and the others binarized, %,d"
                + " bytes of weights and %,d MACs are left; allow more, or a larger --max-drop",
            budget,
            options.budget().maxDrop(),
            smallest.bytes(),
            smallest.macs()));
  }

  private List<BlockDecision> rows(Elimination elimination, Outcome outcome) {
    Map<String, Decision> decisions = new HashMap<>(elimination.decisions());
    Map<String, String> reasons = new HashMap<>(elimination.reasons());
    for (Candidate candidate : outcome.binarized()) {
      decisions.put(candidate.block().name(), Decision.BINARIZE);
      reasons.merge(
          candidate.block().name(),
          "binarized before fine-tuning: " + candidate.inWords(),
          (stays, binarized) -> binarized + "; " + stays);
    }
    List<BlockDecision> rows = new ArrayList<>();
    for (Block block : full.blocks()) {
      Cost cost = Cost.of(full, block);
      BlockStatistics measured = statistics(block);
      rows.add(
          new BlockDecision(
              block.name(),
              decisions.getOrDefault(block.name(), Decision.KEEP),
              full.survival(block),
              measured.effect(),
              measured.standardError(),
              cost.macs(),
              cost.bytes(),
              reasons.getOrDefault(block.name(), "stays: the budget was met without it")));
    }
    return rows;
  }

  private BlockStatistics statistics(Block block) {
    return statistics.blocks().stream()
        .filter(row -> row.name().equals(block.name()))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    "survival.json has no row for block '"
                        + block.name()
                        + "' of "
                        + full.name()
                        + "; train the network again"));
  }

  /** The free statistics of training; leave-one-out where training told nothing. */
  private Map<String, Double> expectedLoss() {
    Map<String, Double> expected = new HashMap<>();
    for (Block block : full.blocks()) {
      BlockStatistics row = statistics(block);
      Double loss = row.effect() != null ? row.effect() : row.leaveOneOut();
      if (loss != null) {
        expected.put(block.name(), loss);
      }
    }
    return expected;
  }
}

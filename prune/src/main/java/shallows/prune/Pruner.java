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
  private final LabelledImages train;
  private final HeldOut heldOut;
  private final PruneOptions options;
  private final PlanRows rows;
  private final Measurement atFullDepth;
  private final Measurement reference;

  /** A network that is compared with itself. */
  public Pruner(
      Graph full,
      SurvivalStatistics statistics,
      LabelledImages train,
      LabelledImages heldOut,
      PruneOptions options) {
    this(full, full, statistics, train, heldOut, options);
  }

  /**
   * @param full the trained network, which is cut
   * @param reference the network that accuracy is compared with, and whose answers fine-tuning
   *     learns from: the full one, or where that went on from somebody else's, theirs
   * @param statistics of the training of the full network
   * @param train the images it was trained on
   * @param heldOut images that it was not trained on; not the test images
   */
  public Pruner(
      Graph full,
      Graph reference,
      SurvivalStatistics statistics,
      LabelledImages train,
      LabelledImages heldOut,
      PruneOptions options) {
    this.full = full;
    this.train = train;
    this.heldOut = new HeldOut(heldOut, train, options.compute());
    this.options = options;
    this.rows = new PlanRows(full, statistics);
    this.atFullDepth = this.heldOut.measureAsItStands(full);
    this.reference = reference == full ? atFullDepth : this.heldOut.measureAsItStands(reference);
  }

  /**
   * Prunes, and writes {@code plan.json} and, last, {@code model.onnx}.
   *
   * @param folder of the run's prune stage
   * @throws BadInputException when the budget cannot be met; the message says which limit, and how
   *     near it came
   */
  public PrunedNetwork prune(Path folder, Progress progress) {
    Budget budget = options.budget();
    Elimination elimination = elimination();
    elimination.run(graph -> budget.isMet(budget.footprint(graph)), false, progress);
    Footprint reached = budget.footprint(elimination.graph());
    if (budget.isMet(reached)) {
      return written(tuned(elimination.whenReached(), folder, progress), folder);
    }
    Cut cut = elimination.whenStuck();
    if (budget.isSized() && !(options.binarize() && budget.lacksBytesAlone(reached))) {
      throw outOfReach(
          reached, "every block dropped that --max-drop %.2f allows".formatted(budget.maxDrop()));
    }
    boolean untuned = options.fineTuneEpochs() == 0 && !budget.isSized();
    if (!options.binarize() || untuned) {
      // Weights of one bit are of little use before they are fine-tuned.
      return written(tuned(cut, folder, progress), folder);
    }
    return written(binarized(elimination, cut, folder, progress), folder);
  }

  /**
   * Carries out a plan, perhaps one that a person has edited: drops and binarizes as it says,
   * fine-tunes, and writes the same files as {@link #prune}.
   *
   * @throws BadInputException naming the block that the plan cannot have its way with
   */
  public PrunedNetwork apply(Plan plan, Path folder, Progress progress) {
    Graph planned = PlanApplication.apply(full, plan.decisions());
    Map<String, String> reasons = new HashMap<>();
    for (Block block : full.blocks()) {
      reasons.put(block.name(), "not named in the plan that was given, so it stays");
    }
    plan.blocks().forEach(row -> reasons.put(row.name(), row.reason() == null ? "" : row.reason()));
    Cut cut = new Cut(heldOut.measure(planned), plan.decisions(), reasons, plan.curve());
    return written(tuned(cut, folder, progress), folder);
  }

  /**
   * Drops nothing; binarizes blocks, those with the least loss for the bytes they save first, until
   * they hold a share of the weights of all blocks. Fine-tunes and writes like {@link #prune}.
   *
   * @param share in (0, 1]
   */
  public PrunedNetwork binarize(double share, Path folder, Progress progress) {
    Cut whole = new Cut(heldOut.measure(full), Map.of(), Map.of(), List.of());
    Binarization order =
        Binarization.measure(whole.network(), heldOut, options.budget(), Cost.of(full), progress);
    long all = full.blocks().stream().mapToLong(block -> Cost.of(full, block).bytes()).sum();
    int count = 0;
    for (long bytes = 0; bytes < share * all && count < order.size(); count++) {
      bytes += Cost.of(full, order.first(count + 1).get(count).block()).bytes();
    }
    return written(tuned(whole.binarized(order.first(count), heldOut), folder, progress), folder);
  }

  /**
   * Several sizes of one network in one go: {@code folder/NAME} gets the files of each. They are
   * nested: what a larger one has lost, or has binary, a smaller one has not got back. Blocks are
   * dropped as long as the accuracy allows; where that does not reach the size, as many as needed
   * are binarized, and where even that does not, more are dropped at any price. So every size that
   * exists is reached, and its accuracy says what it costs.
   *
   * @param members in any order
   * @return largest first
   * @throws BadInputException when a size cannot be reached by dropping every block
   */
  public List<NamedNetwork> family(List<FamilyMember> members, Path folder, Progress progress) {
    FamilySearch search = new FamilySearch(elimination(), heldOut, Cost.of(full));
    List<NamedNetwork> networks = new ArrayList<>();
    for (FamilyMember member : FamilySearch.largestFirst(members)) {
      Cut cut = search.next(member, progress);
      Path own = folder.resolve(member.name());
      PrunedNetwork network = written(tuned(cut, own, progress), own, member.budget());
      networks.add(new NamedNetwork(member.name(), network));
    }
    return networks;
  }

  /**
   * A member of a family.
   *
   * @param network as it was written
   */
  public record NamedNetwork(String name, PrunedNetwork network) {}

  private Elimination elimination() {
    return new Elimination(atFullDepth, reference, heldOut, options.budget(), expectedLoss());
  }

  /** What fine-tuning left of a cut. */
  private record Tuned(Cut cut, Measurement network) {}

  /**
   * Binarizes half of the remaining blocks and fine-tunes; as long as the result is not good
   * enough, half as many. With none left to binarize, the fine-tuned network without any is taken.
   * Where a size was asked for, as many blocks are binarized as that takes.
   */
  private Tuned binarized(Elimination elimination, Cut cut, Path folder, Progress progress) {
    Binarization binarization =
        Binarization.measure(cut.network(), heldOut, options.budget(), Cost.of(full), progress);
    Tuned last = null;
    for (int count : counts(binarization)) {
      last = tuned(cut.binarized(binarization.first(count), heldOut), folder, progress);
      if (elimination.isAllowed(last.network())) {
        return last;
      }
    }
    if (options.budget().isSized()) {
      throw last == null ? tooLarge(binarization) : tooBad(last.network());
    }
    return tuned(cut, folder, progress);
  }

  /** Fine-tunes; the merely cut network is taken where that is better and nothing is binary. */
  private Tuned tuned(Cut cut, Path folder, Progress progress) {
    Measurement tuned =
        heldOut.measureAsItStands(
            options
                .fineTuning(reference.graph(), train, heldOut.images())
                .run(cut.network().graph(), folder, progress));
    boolean binary = cut.decisions().containsValue(Decision.BINARIZE);
    if (!binary && tuned.accuracy() < cut.network().accuracy()) {
      FineTuning.forget(folder);
      return new Tuned(cut, cut.network());
    }
    return new Tuned(cut, tuned);
  }

  /** How many blocks to try to binarize, in order. */
  private List<Integer> counts(Binarization binarization) {
    Budget budget = options.budget();
    List<Integer> counts = new ArrayList<>();
    if (budget.isSized()) {
      for (int count = 1; count <= binarization.size() && counts.isEmpty(); count++) {
        if (budget.isMet(budget.footprint(binarization.graph(count)))) {
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

  private BadInputException tooBad(Measurement tuned) {
    return new BadInputException(
        String.format(
            Locale.ROOT,
            "the budget (%s) cannot be met: a network of that size gets %.2f %% of the held-out"
                + " images right, and --max-drop %.2f asks for %.2f %%; allow a larger --max-drop"
                + " or size, or more --fine-tune-epochs",
            options.budget().inWords(),
            100 * tuned.accuracy(),
            options.budget().maxDrop(),
            100 * reference.accuracy() - options.budget().maxDrop()));
  }

  private BadInputException tooLarge(Binarization binarization) {
    return outOfReach(
        options.budget().footprint(binarization.graph(binarization.size())),
        "every block dropped that --max-drop %.2f allows and the others binarized"
            .formatted(options.budget().maxDrop()));
  }

  private BadInputException outOfReach(Footprint left, String with) {
    return new BadInputException(
        "the budget ("
            + options.budget().inWords()
            + ") cannot be met: with "
            + with
            + ", there are "
            + String.join(" and ", options.budget().misses(left))
            + "; allow more, or a larger --max-drop");
  }

  private PrunedNetwork written(Tuned tuned, Path folder) {
    return written(tuned, folder, options.budget());
  }

  private PrunedNetwork written(Tuned tuned, Path folder, Budget budget) {
    Graph graph = tuned.network().graph();
    Footprint footprint = budget.footprint(graph);
    PlanSummary summary =
        new PlanSummary(
            budget.inWords(),
            footprint.bytes(),
            budget.meter().bytesInWords(),
            footprint.macs(),
            footprint.latency(),
            footprint.latency() == null ? null : budget.meter().latencyInWords(),
            tuned.cut().network().accuracy(),
            tuned.network().accuracy(),
            reference.accuracy(),
            options.fineTuning(reference.graph(), train, heldOut.images()).inWords());
    Plan plan =
        new Plan(
            full.name(),
            summary,
            rows.of(tuned.cut().decisions(), tuned.cut().reasons()),
            tuned.cut().curve());
    PlanFile.write(plan, folder.resolve("plan.json"));
    OnnxWriter.write(graph, folder.resolve("model.onnx"));
    return new PrunedNetwork(graph, plan, tuned.network().accuracy(), reference.accuracy());
  }

  /** The free statistics of training; leave-one-out where training told nothing. */
  private Map<String, Double> expectedLoss() {
    Map<String, Double> expected = new HashMap<>();
    for (Block block : full.blocks()) {
      BlockStatistics row = rows.statistics(block);
      Double loss = row.effect() != null ? row.effect() : row.leaveOneOut();
      if (loss != null) {
        expected.put(block.name(), loss);
      }
    }
    return expected;
  }
}

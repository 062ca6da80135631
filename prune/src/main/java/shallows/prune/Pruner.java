package shallows.prune;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import shallows.data.LabelledImages;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.train.evidence.SurvivalStatistics;
import shallows.train.evidence.SurvivalStatistics.BlockStatistics;

/**
 * Takes a trained network to a smaller one: drops blocks one by one ({@link Elimination}),
 * binarizes some of those that are left ({@link Binarization}), fine-tunes, and measures after each
 * of these on held-out images whether what is left is still good enough. Where it is, with room to
 * spare, it goes on ({@link CutTuning#further}).
 */
public final class Pruner {
  private final Graph full;
  private final LabelledImages train;
  private final HeldOut heldOut;
  private final PruneOptions options;
  private final PlanRows rows;
  private final Measurement atFullDepth;
  private final Acceptance acceptance;

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
    this.acceptance =
        new Acceptance(
            reference == full ? atFullDepth : this.heldOut.measureAsItStands(reference),
            options.budget().maxDrop(),
            isTuned());
  }

  /**
   * Prunes, and writes {@code plan.json} and, last, {@code model.onnx}.
   *
   * @param folder of the run's prune stage
   * @throws BadInputException when the budget cannot be met; the message says which limit, and how
   *     near it came
   */
  public PrunedNetwork prune(Path folder, Progress progress) {
    CutTuning tuning = tuning(folder, progress);
    return written(
        options.budget().isSized() ? toTheSize(tuning, progress) : asFarAsAllowed(tuning, progress),
        folder);
  }

  /**
   * Fine-tuning gives most of what a drop costs back, so where it follows, blocks go at any price,
   * and whether the network is good enough is decided after it.
   */
  private TunedCut toTheSize(CutTuning tuning, Progress progress) {
    Budget budget = options.budget();
    Elimination elimination = elimination();
    List<Cut> cuts = search(elimination, isTuned()).next(budget, progress);
    if (cuts.isEmpty()) {
      throw outOfReach(elimination.graph());
    }
    TunedCut best = tuning.best(cuts);
    if (best.cut().decisions().isEmpty() || acceptance.allowsToShip(best.network())) {
      return best;
    }
    throw budget.outOfReach(acceptance.loss(best.network()));
  }

  private BadInputException outOfReach(Graph dropped) {
    Budget budget = options.budget();
    String with =
        isTuned() ? "every block dropped" : "every block dropped that --max-drop %.2f allows";
    String wayOut = isTuned() ? "allow more" : "allow more, or a larger --max-drop";
    if (!options.binarize() || !budget.lacksBytesAlone(budget.footprint(dropped))) {
      return budget.outOfReach(dropped, with, wayOut);
    }
    Map<String, Decision> others = new HashMap<>();
    dropped.blocks().stream()
        .filter(block -> PlanApplication.canBinarize(dropped, block))
        .forEach(block -> others.put(block.name(), Decision.BINARIZE));
    return others.isEmpty()
        ? budget.outOfReach(dropped, with, wayOut)
        : budget.outOfReach(
            PlanApplication.apply(dropped, others), with + " and the others binarized", wayOut);
  }

  private TunedCut asFarAsAllowed(CutTuning tuning, Progress progress) {
    Elimination elimination = elimination();
    elimination.run(graph -> false, false, progress);
    // Weights of one bit are of little use before they are fine-tuned.
    Optional<TunedCut> binarized =
        options.binarize() && isTuned()
            ? tuning.binarized(elimination.whenStuck())
            : Optional.empty();
    TunedCut found = binarized.orElseGet(() -> tuning.dropped(elimination));
    boolean asCut = found.cut().curve().size() == elimination.size() + 1;
    return asCut && isTuned() ? tuning.further(found, elimination, options.binarize()) : found;
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
    return written(tuning(folder, progress).tuned(cut), folder);
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
    return written(
        tuning(folder, progress).tuned(whole.binarized(order.first(count), heldOut)), folder);
  }

  /**
   * Several sizes of one network in one go: {@code folder/NAME} gets the files of each. They are
   * nested: what a larger one has lost, or has binary, a smaller one has not got back. Blocks are
   * dropped as long as the accuracy allows; where that does not reach the size, it is reached at
   * any price. So every size that exists is reached, and its accuracy says what it costs.
   *
   * <p>A size can be reached by few drops and many binary blocks, or by more drops and fewer of
   * them. Up to three such networks are made for each member that more than the allowed drops takes
   * ({@link SizeSearch}), and each is fine-tuned where fine-tuning is wanted; the member is the one
   * with the most drops that is not surely worse on the held-out images than the most accurate. So
   * a family of three costs up to nine fine-tunings, the more of them of small networks the smaller
   * the members are.
   *
   * @param members in any order
   * @return largest first
   * @throws BadInputException when a size cannot be reached by dropping every block
   */
  public List<NamedNetwork> family(List<FamilyMember> members, Path folder, Progress progress) {
    Elimination elimination = elimination();
    SizeSearch search = search(elimination, true);
    List<NamedNetwork> networks = new ArrayList<>();
    for (FamilyMember member : FamilyMember.largestFirst(members)) {
      Path own = folder.resolve(member.name());
      List<Cut> cuts = search.next(member.budget(), progress);
      if (cuts.isEmpty()) {
        throw member.outOfReach(elimination.graph());
      }
      TunedCut best = tuning(own, progress).best(cuts);
      search.take(best.cut());
      networks.add(new NamedNetwork(member.name(), written(best, own, member.budget())));
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
    return new Elimination(atFullDepth, acceptance, heldOut, options.budget(), expectedLoss());
  }

  private SizeSearch search(Elimination elimination, boolean atAnyPrice) {
    return new SizeSearch(
        elimination,
        heldOut,
        Cost.of(full),
        new SizeSearch.Options(options.binarize(), atAnyPrice));
  }

  private boolean isTuned() {
    return options.fineTuneEpochs() > 0;
  }

  private CutTuning tuning(Path folder, Progress progress) {
    return new CutTuning(
        full, heldOut, options.budget(), acceptance, fineTuning(), folder, progress);
  }

  private FineTuning fineTuning() {
    return options.fineTuning(acceptance.reference().graph(), train, heldOut.images());
  }

  private PrunedNetwork written(TunedCut tuned, Path folder) {
    return written(tuned, folder, options.budget());
  }

  private PrunedNetwork written(TunedCut tuned, Path folder, Budget budget) {
    Graph graph = tuned.network().graph();
    Footprint footprint = budget.footprint(graph);
    AccuracyLoss loss = acceptance.loss(tuned.network());
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
            acceptance.reference().accuracy(),
            loss.standardError(),
            loss.atMost(),
            fineTuning().inWords());
    Plan plan =
        new Plan(
            full.name(),
            summary,
            rows.of(tuned.cut().decisions(), tuned.cut().reasons()),
            tuned.cut().curve());
    PlanFile.write(plan, folder.resolve("plan.json"));
    OnnxWriter.write(graph, folder.resolve("model.onnx"));
    return new PrunedNetwork(
        graph, plan, tuned.network().accuracy(), acceptance.reference().accuracy(), loss);
  }

  /** The free statistics of training; leave-one-out where training told nothing. */
  private Map<String, Double> expectedLoss() {
    Map<String, Double> expected = new HashMap<>();
    for (Block block : full.blocks()) {
      BlockStatistics row = rows.statistics(block);
      Double effect = row.effectInEnsemble();
      Double loss = effect != null ? effect : row.leaveOneOut();
      if (loss != null) {
        expected.put(block.name(), loss);
      }
    }
    return expected;
  }
}

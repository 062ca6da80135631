package shallows.prune;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import shallows.data.LabelledImages;
import shallows.model.BadInputException;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.prune.form.PlanApplication;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Family;
import shallows.prune.plan.FamilyMember;
import shallows.prune.plan.Form;
import shallows.prune.plan.GivenPlan;
import shallows.prune.plan.PrunedNetwork;
import shallows.prune.search.AccuracyMeter;
import shallows.prune.search.Binarization;
import shallows.prune.search.BlockPrices;
import shallows.prune.search.Confirmation;
import shallows.prune.search.ConfirmedDrops;
import shallows.prune.search.CutNetwork;
import shallows.prune.search.Cuts;
import shallows.prune.search.DropCuts;
import shallows.prune.search.Elimination;
import shallows.prune.search.MeasuredNetwork;
import shallows.prune.search.SizeSearch;
import shallows.prune.tune.FineTuning;
import shallows.prune.tune.PlanRows;
import shallows.prune.tune.PrunedFiles;
import shallows.prune.tune.TunedNetwork;
import shallows.prune.tune.TunedSearch;
import shallows.train.evidence.SurvivalStatistics;

/**
 * Takes a trained network to a smaller one. It gives blocks other forms, fitted in closed form
 * ({@link FormPruning}), or drops them one by one ({@link Elimination}), and binarizes some of
 * those that are left where that is wanted ({@link Binarization}). With training it fine-tunes
 * that. Held-out images, which had no part in it, say whether what is left is good enough ({@link
 * Confirmation}); where it is, it goes on ({@link TunedSearch#asFarAsConfirmed}).
 */
public final class Pruner {
  /**
   * How many times what may be lost at last may be lost before fine-tuning, on training images: it
   * gives most of that back. This decides where to begin, and nothing that is promised.
   */
  private static final double GIVEN_BACK = 2;

  private final Graph full;
  private final Graph reference;
  private final LabelledImages train;
  private final LabelledImages heldOut;
  private final AccuracyMeter choosing;
  private final PruneOptions options;
  private final PlanRows rows;
  private final MeasuredNetwork atFullDepth;
  private final Confirmation confirmation;

  /** A network that is compared with itself. */
  public Pruner(
      Graph full,
      SurvivalStatistics statistics,
      LabelledImages train,
      LabelledImages heldOut,
      PruneOptions options) {
    this(full, full, statistics, train, heldOut, options, Optional.empty());
  }

  /**
   * @param full the trained network, which is cut
   * @param reference the network that accuracy is compared with, and whose answers fine-tuning
   *     learns from: the full one, or where that went on from somebody else's, theirs
   * @param statistics of the training of the full network
   * @param train the images it was trained on
   * @param heldOut images that it was not trained on; not the test images
   * @param others who measure what cuts and forms cost; empty where that is done here
   */
  public Pruner(
      Graph full,
      Graph reference,
      SurvivalStatistics statistics,
      LabelledImages train,
      LabelledImages heldOut,
      PruneOptions options,
      Optional<BlockPrices> others) {
    this.full = full;
    this.reference = reference;
    this.train = train;
    this.heldOut = heldOut;
    this.options = options;
    this.choosing = AccuracyMeter.choosing(train, heldOut, options.compute()).with(others);
    this.rows = new PlanRows(full, statistics);
    this.atFullDepth = choosing.measureAsItStands(full);
    this.confirmation =
        new Confirmation(
            new AccuracyMeter(heldOut, train, options.compute())::measureAsItStands,
            reference,
            options.budget().maxDrop());
  }

  /**
   * Prunes, and writes {@code plan.json} and, last, {@code model.onnx}.
   *
   * @param folder of the run's prune stage
   * @throws BadInputException when the budget cannot be met; the message says which limit, and how
   *     near it came
   */
  public PrunedNetwork prune(Path folder, Progress progress) {
    return files().write(smallestFirst(folder, progress), true, folder, options.budget());
  }

  private List<TunedNetwork> smallestFirst(Path folder, Progress progress) {
    TunedSearch tuning = tuning(folder, progress);
    if (isFormed() && !isTuned()) {
      return forms().smallestFirst(CutNetwork.whole(atFullDepth), progress);
    }
    if (options.budget().isSized()) {
      return toTheSize(tuning, progress);
    }
    return isTuned()
        ? asFarAsConfirmed(tuning, progress)
        : new ConfirmedDrops(elimination(), confirmation)
            .oneByOne(progress).stream().map(TunedNetwork::asItIs).toList();
  }

  /**
   * Fine-tuning gives most of what a drop costs back, so where it follows, blocks go at any price,
   * and whether the network is good enough is decided after it.
   */
  private List<TunedNetwork> toTheSize(TunedSearch tuning, Progress progress) {
    Budget budget = options.budget();
    List<CutNetwork> cuts =
        new SizedCuts(options, forms(), () -> search(elimination(), isTuned()))
            .fewestMacsFirst(CutNetwork.whole(atFullDepth), choosing, progress);
    List<TunedNetwork> bestFirst = tuning.bestFirst(cuts);
    if (cuts.size() == 1 && cuts.get(0).decisions().isEmpty()) {
      return bestFirst;
    }
    // Each of the others in a line of its own: none is smaller than another.
    List<TunedNetwork> confirmed =
        bestFirst.stream()
            .filter(tuned -> confirmation.line().confirms(tuned.network().graph()))
            .toList();
    if (confirmed.isEmpty()) {
      throw budget.outOfReach(confirmation.loss(bestFirst.get(0).network().graph()));
    }
    return confirmed;
  }

  private List<TunedNetwork> asFarAsConfirmed(TunedSearch tuning, Progress progress) {
    Cuts cuts =
        isFormed()
            ? forms().cuts(choosing, CutNetwork.whole(atFullDepth), GIVEN_BACK, progress)
            : DropCuts.of(elimination(), progress);
    TunedSearch.Confirmed tuned = tuning.asFarAsConfirmed(cuts, options.binarize());
    List<TunedNetwork> smallestFirst = new ArrayList<>(tuned.networks());
    Collections.reverse(smallestFirst);
    // What ships where none of these does.
    CutNetwork asCut = cuts.confirmedAsCut(confirmation.line(), tuned.end());
    if (!asCut.decisions().isEmpty() || smallestFirst.isEmpty()) {
      smallestFirst.add(TunedNetwork.asItIs(asCut));
    }
    return smallestFirst;
  }

  /**
   * Carries out a plan, perhaps one that a person has edited: gives blocks the forms it says,
   * fine-tunes, and writes the same files as {@link #prune}.
   *
   * @throws BadInputException naming the block that the plan cannot have its way with
   */
  public PrunedNetwork apply(GivenPlan plan, Path folder, Progress progress) {
    PlanApplication.requireOneWill(full, plan.decisions());
    boolean refits =
        plan.forms().values().stream().anyMatch(Form::isFitted)
            || Objects.requireNonNullElse(plan.fitted(), isFormed() && !isTuned());
    Graph fitted = refits ? forms().refit().apply(plan.forms(), progress) : full;
    Graph planned = PlanApplication.apply(fitted, plan.decisions());
    // What was fitted keeps the statistics that it was fitted with.
    boolean ready = refits && !plan.decisions().containsValue(Decision.BINARIZE);
    CutNetwork cut =
        new CutNetwork(
            ready ? choosing.measureAsItStands(planned) : choosing.measure(planned),
            plan.decisions(),
            plan.widths(),
            plan.reasons(full),
            List.of(),
            refits);
    TunedNetwork tuned =
        ready && !isTuned() ? TunedNetwork.asItIs(cut) : tuning(folder, progress).tuned(cut);
    return files().writeAsAsked(tuned, plan.curve(), folder, options.budget());
  }

  /**
   * Drops nothing; binarizes blocks, those with the least loss for the bytes they save first, until
   * they hold a share of the weights of all blocks. Fine-tunes and writes like {@link #prune}.
   *
   * @param share in (0, 1]
   */
  public PrunedNetwork binarize(double share, Path folder, Progress progress) {
    CutNetwork whole = CutNetwork.whole(choosing.measure(full));
    Binarization order =
        Binarization.measure(whole, choosing, options.budget(), Cost.of(full), progress);
    TunedNetwork tuned =
        tuning(folder, progress).tuned(whole.binarized(order.ofWeights(share, full), choosing));
    return files().writeAsAsked(tuned, List.of(), folder, options.budget());
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
   * with the most drops that is not surely worse than the most accurate, on training images. So a
   * family of three costs up to nine fine-tunings, the more of them of small networks the smaller
   * the members are.
   *
   * @param members in any order
   * @return largest first
   * @throws BadInputException when a size cannot be reached by dropping every block
   */
  public List<Family.NamedNetwork> family(
      List<FamilyMember> members, Path folder, Progress progress) {
    Elimination elimination = elimination();
    SizeSearch search = search(elimination, true);
    Confirmation.Line line = confirmation.line();
    List<Family.NamedNetwork> networks = new ArrayList<>();
    for (FamilyMember member : FamilyMember.largestFirst(members)) {
      Path own = folder.resolve(member.name());
      List<CutNetwork> cuts = search.next(member.budget(), progress);
      if (cuts.isEmpty()) {
        throw member.outOfReach(elimination.graph());
      }
      TunedNetwork best = tuning(own, progress).bestFirst(cuts).get(0);
      search.take(best.cut());
      boolean confirmed = line.confirms(best.network().graph());
      networks.add(
          new Family.NamedNetwork(
              member.name(), files().write(List.of(best), confirmed, own, member.budget())));
    }
    return networks;
  }

  private Elimination elimination() {
    return new Elimination(
        atFullDepth,
        reference == full ? atFullDepth : choosing.measureAsItStands(reference),
        choosing,
        options.budget(),
        (isTuned() ? GIVEN_BACK : 1) * options.budget().maxDrop(),
        rows.expectedLoss());
  }

  private SizeSearch search(Elimination elimination, boolean atAnyPrice) {
    return new SizeSearch(
        elimination,
        choosing,
        Cost.of(full),
        new SizeSearch.Options(options.binarize(), atAnyPrice));
  }

  private boolean isFormed() {
    return !options.forms().isEmpty();
  }

  private FormPruning forms() {
    return new FormPruning(full, reference, train, options, confirmation, choosing.others());
  }

  private boolean isTuned() {
    return options.fineTuneEpochs() > 0;
  }

  private TunedSearch tuning(Path folder, Progress progress) {
    return new TunedSearch(
        full, choosing, confirmation, options.budget(), fineTuning(), folder, progress);
  }

  private FineTuning fineTuning() {
    return options.fineTuning(reference, train, heldOut);
  }

  private PrunedFiles files() {
    return new PrunedFiles(full.name(), rows, confirmation, heldOut.name(), fineTuning());
  }
}

package shallows.prune;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import shallows.data.LabelledImages;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.prune.form.PlanApplication;
import shallows.prune.form.Refit;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.search.AccuracyMeter;
import shallows.prune.search.Binarization;
import shallows.prune.search.BlockPrices;
import shallows.prune.search.Confirmation;
import shallows.prune.search.CutNetwork;
import shallows.prune.search.FormCuts;
import shallows.prune.search.FormImages;
import shallows.prune.search.FormMeter;
import shallows.prune.search.FormSearch;
import shallows.prune.search.PricedBlock;
import shallows.prune.tune.TunedNetwork;

/**
 * Pruning with every form there is: round by round, to the size that was asked for, else as long as
 * held-out images confirm what is left, as it was fitted or, with fine-tuning, behind that.
 *
 * @param full the network to make smaller
 * @param reference the network that accuracy is compared with
 * @param train images to fit on, and others among them to choose by
 * @param options with forms that blocks may get
 * @param others who measure forms; empty where that is done here
 */
record FormPruning(
    Graph full,
    Graph reference,
    LabelledImages train,
    PruneOptions options,
    Confirmation confirmation,
    Optional<BlockPrices> others) {
  /** What fits the layers, always on the same images. */
  Refit refit() {
    return new Refit(full, FormImages.of(train).fitting(), options.compute());
  }

  private FormSearch search() {
    FormMeter meter = new FormMeter(refit(), FormImages.of(train).choosing(), options.forms());
    return new FormSearch(meter, reference, options.budget(), others);
  }

  /**
   * Without fine-tuning.
   *
   * @param untouched the full network as it stands
   * @return networks that held-out images confirm
   */
  List<TunedNetwork> smallestFirst(CutNetwork untouched, Progress progress) {
    Budget budget = options.budget();
    FormSearch search = search();
    Confirmation.Line line = confirmation.line();
    if (!budget.isSized()) {
      List<TunedNetwork> smallestFirst = new ArrayList<>(List.of(TunedNetwork.asItIs(untouched)));
      while (search.loss().isProbablyWithin(budget.maxDrop())
          && search.round(progress)
          && line.confirms(search.graph())) {
        smallestFirst.add(0, TunedNetwork.asItIs(search.cut()));
      }
      return smallestFirst;
    }
    if (!search.run(this::isMet, progress)) {
      throw outOfReach(search);
    }
    if (search.cut().decisions().isEmpty()) {
      return List.of(TunedNetwork.asItIs(untouched));
    }
    if (!line.confirms(search.graph())) {
      throw budget.outOfReach(confirmation.loss(search.graph()));
    }
    return List.of(TunedNetwork.asItIs(search.cut()));
  }

  /**
   * For fine-tuning to begin with, where a size is asked for: by forms alone, and where blocks may
   * be binary, by fewer rounds of them with at most half of the others binary.
   *
   * @param choosing measures them as it measures what is fine-tuned
   * @param untouched the full network as it stands, alone where it is small enough
   * @return none where it takes more than dropping every block
   * @throws BadInputException where blocks may not be dropped and that leaves the size out of reach
   */
  List<CutNetwork> ofTheSize(AccuracyMeter choosing, CutNetwork untouched, Progress progress) {
    List<CutNetwork> cuts = new ArrayList<>();
    FormSearch search = search();
    boolean isMet = isMet(search.graph());
    while (!isMet) {
      if (cuts.isEmpty() && options.budget().maxBytes().isPresent()) {
        halfBinary(search.cut(), choosing, progress).ifPresent(cuts::add);
      }
      if (!search.round(progress)) {
        break;
      }
      isMet = isMet(search.graph());
    }
    if (isMet) {
      CutNetwork cut = search.cut();
      cuts.add(cut.decisions().isEmpty() ? untouched : cut.measuredBy(choosing));
    }
    if (cuts.isEmpty() && !options.forms().contains(Decision.DROP)) {
      throw outOfReach(search);
    }
    return cuts;
  }

  /**
   * As few blocks binary as the size takes, those with the lowest price first; where that is not
   * enough, more and more of those that save most.
   *
   * @return empty where the half that saves most is not enough
   */
  private Optional<CutNetwork> halfBinary(
      CutNetwork cut, AccuracyMeter choosing, Progress progress) {
    Graph graph = cut.network().graph();
    List<String> half = halfThatSavesMost(cut);
    if (!options.binarize() || !isMet(PlanApplication.withBinary(graph, half))) {
      return Optional.empty();
    }
    Binarization order =
        Binarization.measure(cut, choosing, options.budget(), Cost.of(full), progress);
    Map<String, PricedBlock> priced = new LinkedHashMap<>();
    order.first(order.size()).forEach(each -> priced.put(each.block().name(), each));
    Collection<String> chosen =
        fewest(
            List.copyOf(priced.keySet()),
            half,
            blocks -> isMet(PlanApplication.withBinary(graph, blocks)));
    return Optional.of(cut.binarized(chosen.stream().map(priced::get).toList(), choosing));
  }

  /**
   * @param cheapest all blocks, that with the lowest price first
   * @param half of them, those that save most, the largest first; together they are enough
   */
  static Collection<String> fewest(
      List<String> cheapest, List<String> half, Predicate<Collection<String>> isEnough) {
    for (int count = 1; count < half.size(); count++) {
      List<String> first = cheapest.subList(0, count);
      if (isEnough.test(first)) {
        return first;
      }
    }
    for (int largest = 0; largest < half.size(); largest++) {
      Set<String> blocks = new LinkedHashSet<>(half.subList(0, largest));
      for (String block : cheapest) {
        if (blocks.size() < half.size()) {
          blocks.add(block);
        }
      }
      if (isEnough.test(blocks)) {
        return blocks;
      }
    }
    return half;
  }

  private static List<String> halfThatSavesMost(CutNetwork cut) {
    Graph graph = cut.network().graph();
    List<Block> blocks = cut.binarizable();
    return blocks.stream()
        .map(Block::name)
        .sorted(
            Comparator.comparingLong(
                block -> Cost.of(PlanApplication.withBinary(graph, List.of(block))).bytes()))
        .limit(Binarization.half(blocks.size()))
        .toList();
  }

  private boolean isMet(Graph graph) {
    Budget budget = options.budget();
    return budget.isMet(budget.footprint(graph));
  }

  private BadInputException outOfReach(FormSearch search) {
    boolean drops = options.forms().contains(Decision.DROP);
    boolean binary = options.binarize() && isTuned();
    Graph smallest = search.graph();
    Phrase with =
        drops
            ? Phrase.of("every block dropped")
            : binary
                ? Phrase.of(
                    "every block as small as %s lets it be, half of them binary", Setting.FORMS)
                : Phrase.of("every block as small as %s lets it be", Setting.FORMS);
    return options
        .budget()
        .outOfReach(
            binary
                ? PlanApplication.withBinary(smallest, halfThatSavesMost(search.cut()))
                : smallest,
            with,
            drops
                ? Phrase.of("allow more")
                : Phrase.of("allow more, or drop in %s", Setting.FORMS));
  }

  private boolean isTuned() {
    return options.fineTuneEpochs() > 0;
  }

  /**
   * For fine-tuning to be tried on, where no size is asked for.
   *
   * @param choosing measures them as it measures what is fine-tuned
   * @param untouched the full network as it stands
   * @param givenBack how many times what may be lost at last may be lost before
   */
  FormCuts cuts(AccuracyMeter choosing, CutNetwork untouched, double givenBack, Progress progress) {
    double maxLoss = givenBack * options.budget().maxDrop();
    return FormCuts.of(search(), choosing, untouched, maxLoss, progress);
  }
}

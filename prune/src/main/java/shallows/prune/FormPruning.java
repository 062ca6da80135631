package shallows.prune;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import shallows.data.LabelledImages;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.prune.form.Refit;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.search.BlockPrices;
import shallows.prune.search.Confirmation;
import shallows.prune.search.CutNetwork;
import shallows.prune.search.FormImages;
import shallows.prune.search.FormMeter;
import shallows.prune.search.FormSearch;
import shallows.prune.search.MeasuredNetwork;
import shallows.prune.tune.TunedNetwork;

/**
 * Pruning without training, with every form there is: round by round, to the size that was asked
 * for, else as long as held-out images confirm what is left.
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

  /**
   * @param atFullDepth the full network as it stands
   * @return networks that held-out images confirm
   */
  List<TunedNetwork> smallestFirst(MeasuredNetwork atFullDepth, Progress progress) {
    Budget budget = options.budget();
    FormMeter meter = new FormMeter(refit(), FormImages.of(train).choosing(), options.forms());
    FormSearch search = new FormSearch(meter, reference, budget, others);
    TunedNetwork untouched =
        TunedNetwork.asItIs(new CutNetwork(atFullDepth, Map.of(), Map.of(), Map.of(), List.of()));
    Confirmation.Line line = confirmation.line();
    if (!budget.isSized()) {
      List<TunedNetwork> smallestFirst = new ArrayList<>(List.of(untouched));
      while (search.loss().isProbablyWithin(budget.maxDrop())
          && search.round(progress)
          && line.confirms(search.graph())) {
        smallestFirst.add(0, TunedNetwork.asItIs(search.cut()));
      }
      return smallestFirst;
    }
    if (!search.run(graph -> budget.isMet(budget.footprint(graph)), progress)) {
      boolean drops = options.forms().contains(Decision.DROP);
      throw budget.outOfReach(
          search.graph(),
          drops
              ? Phrase.of("every block dropped")
              : Phrase.of("every block as small as %s lets it be", Setting.FORMS),
          drops ? Phrase.of("allow more") : Phrase.of("allow more, or drop in %s", Setting.FORMS));
    }
    if (search.cut().decisions().isEmpty()) {
      return List.of(untouched);
    }
    if (!line.confirms(search.graph())) {
      throw budget.outOfReach(confirmation.loss(search.graph()));
    }
    return List.of(TunedNetwork.asItIs(search.cut()));
  }
}

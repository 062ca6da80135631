package shallows.prune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import shallows.model.BadInputException;
import shallows.model.graph.Cost;
import shallows.model.progress.Progress;
import shallows.prune.plan.Decision;
import shallows.prune.search.AccuracyMeter;
import shallows.prune.search.CutNetwork;
import shallows.prune.search.SizeSearch;

/**
 * Networks of the size that was asked for: by forms that are fitted, alone and with binary blocks
 * beside them, if there may be any, and by drops and binary blocks, if blocks may be dropped.
 *
 * @param options with a size
 * @param bySize what finds drops and binary blocks; asked where these are wanted
 */
record SizedCuts(PruneOptions options, FormPruning forms, Supplier<SizeSearch> bySize) {
  /**
   * @param untouched the full network as it stands, alone where it is small enough
   * @param choosing measures what is cut as it measures what is fine-tuned
   * @return at least one
   * @throws BadInputException where no way leads to the size
   */
  List<CutNetwork> fewestMacsFirst(
      CutNetwork untouched, AccuracyMeter choosing, Progress progress) {
    List<CutNetwork> cuts = new ArrayList<>();
    boolean isFormed = !options.forms().isEmpty();
    if (isFormed) {
      cuts.addAll(forms.ofTheSize(choosing, untouched, progress));
    }
    boolean isSmall = cuts.contains(untouched);
    if (!isSmall && (!isFormed || options.forms().contains(Decision.DROP))) {
      SizeSearch search = bySize.get();
      for (CutNetwork cut : search.next(options.budget(), progress)) {
        if (cuts.stream().allMatch(other -> other.isOtherThan(cut))) {
          cuts.add(cut);
        }
      }
      if (cuts.isEmpty()) {
        throw search.outOfReach(options.budget());
      }
    }
    cuts.sort(Comparator.comparingLong(cut -> Cost.of(cut.network().graph()).macs()));
    return cuts;
  }
}

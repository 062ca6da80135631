package shallows.prune.tune;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import shallows.data.evaluation.AccuracyLoss;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Reason;
import shallows.prune.search.AccuracyMeter;
import shallows.prune.search.Binarization;
import shallows.prune.search.Confirmation;
import shallows.prune.search.CutNetwork;
import shallows.prune.search.Cuts;
import shallows.prune.search.MeasuredNetwork;

/**
 * Fine-tunes cuts of one network until one is good enough to be shipped. How good a cut becomes
 * cannot be told before that, so it is tried.
 *
 * @param full the network that was cut
 * @param choosing measures which of several is better
 * @param confirmation says which are good enough
 * @param folder where a fine-tuning works
 */
public record TunedSearch(
    Graph full,
    AccuracyMeter choosing,
    Confirmation confirmation,
    Budget budget,
    FineTuning fineTuning,
    Path folder,
    Progress progress) {
  /** Fine-tunes; the merely cut network is taken where that is better and nothing is binary. */
  public TunedNetwork tuned(CutNetwork cut) {
    MeasuredNetwork tuned =
        choosing.measureAsItStands(fineTuning.run(cut.network().graph(), folder, progress));
    boolean binary = cut.decisions().containsValue(Decision.BINARIZE);
    return !binary && tuned.accuracy() < cut.network().accuracy()
        ? TunedNetwork.asItIs(cut)
        : new TunedNetwork(cut, tuned, FineTuning.history(folder));
  }

  /**
   * Fine-tunes cuts of one size, since right after the cut it cannot be told which becomes the
   * best. What the others came to is in the reasons of the first.
   *
   * @param cuts at least one, the one with the fewest MACs first
   * @return {@link #chosen} first, the others as they were
   */
  public List<TunedNetwork> bestFirst(List<CutNetwork> cuts) {
    List<TunedNetwork> tried = new ArrayList<>();
    cuts.forEach(cut -> tried.add(tuned(cut)));
    TunedNetwork chosen = chosen(tried);
    tried.remove(chosen);
    CutNetwork told = chosen.cut();
    for (TunedNetwork other : tried) {
      told = told.against(other.cut(), loss(chosen, other));
    }
    tried.add(0, chosen.telling(told));
    return tried;
  }

  /**
   * Of several networks of one size the first, which has the fewest MACs, that is not surely worse
   * than the most accurate: all were measured on the same images, so the difference of two is that
   * of the images which only one of them gets right. What these images cannot tell apart would
   * otherwise be decided by chance, and fewer MACs make the faster network.
   */
  static TunedNetwork chosen(List<TunedNetwork> tried) {
    TunedNetwork best = tried.get(0);
    for (TunedNetwork candidate : tried) {
      if (candidate.network().accuracy() > best.network().accuracy()) {
        best = candidate;
      }
    }
    for (TunedNetwork candidate : tried) {
      if (!loss(best, candidate).isSurelyBeyond(0, AccuracyLoss.QUANTILE)) {
        return candidate;
      }
    }
    return best;
  }

  private static AccuracyLoss loss(TunedNetwork from, TunedNetwork to) {
    return AccuracyLoss.between(from.network().right(), to.network().right());
  }

  /**
   * Cuts as far as the held-out images confirm: the first network that is not confirmed ends the
   * line.
   *
   * @param cuts of the full network
   * @param binarize whether half of the blocks that are left are binarized each time
   * @return those that were confirmed, largest first, and why the last is the last
   */
  public Confirmed asFarAsConfirmed(Cuts cuts, boolean binarize) {
    Confirmation.Line line = confirmation.line();
    List<TunedNetwork> confirmed = new ArrayList<>();
    Set<String> more = Set.of();
    Optional<CutNetwork> next = cuts.next(progress);
    while (next.isPresent()) {
      CutNetwork cut = next.get();
      TunedNetwork tuned = tuned(binarize ? withHalfBinarized(cut) : cut);
      AccuracyLoss loss = confirmation.loss(tuned.network().graph());
      if (!line.confirms(tuned.network().graph())) {
        Reason end =
            new Reason.NotConfirmed(
                cut.count(Decision.DROP), cut.countFitted(), true, loss, confirmation.maxDrop());
        if (!confirmed.isEmpty()) {
          TunedNetwork last = confirmed.remove(confirmed.size() - 1);
          confirmed.add(last.telling(last.cut().because(more, end)));
        }
        return new Confirmed(confirmed, end);
      }
      Reason why = new Reason.Confirmed(loss);
      cuts.because(more, why);
      confirmed.add(tuned.telling(tuned.cut().because(more, why)));
      next = cuts.next(progress);
      more = next.map(smaller -> smaller.changedSince(cut)).orElse(Set.of());
    }
    return new Confirmed(confirmed, new Reason.Spared());
  }

  /**
   * @param networks largest first
   * @param end why there is no smaller one
   */
  public record Confirmed(List<TunedNetwork> networks, Reason end) {}

  private CutNetwork withHalfBinarized(CutNetwork cut) {
    Binarization binarization =
        Binarization.measure(cut, choosing, budget, Cost.of(full), progress);
    return cut.binarized(binarization.first(binarization.half()), choosing);
  }
}

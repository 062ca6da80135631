package shallows.prune.search;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import shallows.model.progress.Progress;
import shallows.prune.plan.Reason;

/**
 * What rounds of forms leave of a network, all layers fitted, for fine-tuning to begin with. Behind
 * those rounds that the accuracy allows come further ones, one at a time and at any price.
 */
public final class FormCuts implements Cuts {
  private final FormSearch search;
  private final AccuracyMeter choosing;
  private final CutNetwork untouched;

  /** What the accuracy allows, largest first. */
  private final List<CutNetwork> allowed;

  private final Deque<CutNetwork> ahead = new ArrayDeque<>();
  private final Map<String, List<Reason>> said = new HashMap<>();

  private FormCuts(
      FormSearch search, AccuracyMeter choosing, CutNetwork untouched, List<CutNetwork> allowed) {
    this.search = search;
    this.choosing = choosing;
    this.untouched = untouched;
    this.allowed = allowed;
  }

  /**
   * Makes rounds until more is lost than may be.
   *
   * @param search that has not begun
   * @param choosing measures what is cut as it measures what is fine-tuned
   * @param untouched the full network as it stands
   * @param maxLoss points of accuracy that may be lost before fine-tuning, on images that choose
   */
  public static FormCuts of(
      FormSearch search,
      AccuracyMeter choosing,
      CutNetwork untouched,
      double maxLoss,
      Progress progress) {
    List<CutNetwork> allowed = new ArrayList<>();
    Optional<CutNetwork> beyond = Optional.empty();
    while (beyond.isEmpty() && search.round(progress)) {
      if (search.loss().isProbablyWithin(maxLoss)) {
        allowed.add(search.cut());
      } else {
        beyond = Optional.of(search.cut());
      }
    }
    FormCuts cuts = new FormCuts(search, choosing, untouched, allowed);
    CutSteps.of(allowed.size()).stream()
        .filter(count -> count > 0)
        .forEach(count -> cuts.ahead.add(allowed.get(count - 1)));
    beyond.ifPresent(cuts.ahead::add);
    return cuts;
  }

  @Override
  public Optional<CutNetwork> next(Progress progress) {
    if (ahead.isEmpty() && !search.round(progress)) {
      return Optional.empty();
    }
    CutNetwork cut = (ahead.isEmpty() ? search.cut() : ahead.remove()).measuredBy(choosing);
    for (Map.Entry<String, List<Reason>> each : said.entrySet()) {
      for (Reason reason : each.getValue()) {
        cut = cut.because(List.of(each.getKey()), reason);
      }
    }
    return Optional.of(cut);
  }

  @Override
  public void because(Collection<String> blocks, Reason reason) {
    blocks.forEach(block -> said.merge(block, List.of(reason), CutNetwork::joined));
  }

  @Override
  public CutNetwork confirmedAsCut(Confirmation.Line line, Reason why) {
    CutNetwork last = untouched;
    for (CutNetwork cut : allowed) {
      if (!line.confirms(cut.network().graph())) {
        return last.because(cut.changedSince(last), why);
      }
      last = cut;
    }
    return last;
  }
}

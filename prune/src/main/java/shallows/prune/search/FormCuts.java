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

  private final Deque<CutNetwork> ahead;
  private CutNetwork last;

  /** By block all that was decided over it in those that came, in that order. */
  private final Map<String, List<Reason>> told = new HashMap<>();

  /** How many of these are of the search. */
  private final Map<String, Integer> formed = new HashMap<>();

  private FormCuts(
      FormSearch search,
      AccuracyMeter choosing,
      CutNetwork untouched,
      List<CutNetwork> allowed,
      Optional<CutNetwork> beyond) {
    this.search = search;
    this.choosing = choosing;
    this.untouched = untouched;
    this.allowed = allowed;
    this.last = untouched;
    this.ahead = new ArrayDeque<>();
    for (int count : CutSteps.of(allowed.size())) {
      ahead.add(count == 0 ? untouched : allowed.get(count - 1));
    }
    beyond.ifPresent(ahead::add);
  }

  /**
   * Makes rounds until more is lost than may be.
   *
   * @param search that has not begun
   * @param choosing measures what is cut as it measures what is fine-tuned
   * @param untouched the full network as it stands, which comes first where no round is allowed
   * @param maxLoss points of accuracy that may be lost before fine-tuning, on images that choose
   */
  public static FormCuts of(
      FormSearch search,
      AccuracyMeter choosing,
      CutNetwork untouched,
      double maxLoss,
      Progress progress) {
    List<CutNetwork> allowed = new ArrayList<>();
    while (search.round(progress)) {
      if (!search.loss().isProbablyWithin(maxLoss)) {
        return new FormCuts(search, choosing, untouched, allowed, Optional.of(search.cut()));
      }
      allowed.add(search.cut());
    }
    return new FormCuts(search, choosing, untouched, allowed, Optional.empty());
  }

  @Override
  public Optional<CutNetwork> next(Progress progress) {
    if (ahead.isEmpty() && !search.round(progress)) {
      return Optional.empty();
    }
    last = ahead.isEmpty() ? search.cut() : ahead.remove();
    last.reasons()
        .forEach(
            (block, reasons) -> {
              int known = formed.getOrDefault(block, 0);
              told.merge(block, reasons.subList(known, reasons.size()), CutNetwork::joined);
              formed.put(block, reasons.size());
            });
    return Optional.of(last.because(told).measuredBy(choosing));
  }

  @Override
  public void because(Collection<String> blocks, Reason reason) {
    blocks.forEach(block -> told.merge(block, List.of(reason), CutNetwork::joined));
  }

  @Override
  public CutNetwork confirmedAsCut(Confirmation.Line line, Reason why) {
    CutNetwork confirmed = untouched;
    for (CutNetwork cut : allowed) {
      if (!line.confirms(cut.network().graph())) {
        break;
      }
      confirmed = cut;
    }
    return confirmed.because(last.changedSince(confirmed), why);
  }
}

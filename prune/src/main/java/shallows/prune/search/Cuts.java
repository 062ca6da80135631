package shallows.prune.search;

import java.util.Collection;
import java.util.Optional;
import shallows.model.progress.Progress;
import shallows.prune.plan.Reason;

/**
 * Networks that were cut of one, each smaller than the one before, for fine-tuning to be tried on.
 * What a network loses when it is cut, fine-tuning mostly gives back, so how far to go is not known
 * before that: the first of them ought to be a safe one.
 */
public interface Cuts {
  /** The next smaller one; empty where nothing can be taken any more. */
  Optional<CutNetwork> next(Progress progress);

  /** One more reason for some blocks, in those that come. */
  void because(Collection<String> blocks, Reason reason);

  /**
   * Of those that the accuracy lets be before fine-tuning, asked one after the other as they were
   * cut, the smallest that a line confirms; the full network where it confirms none.
   *
   * @param why the blocks stay that smaller ones lack
   */
  CutNetwork confirmedAsCut(Confirmation.Line line, Reason why);
}

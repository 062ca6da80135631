package shallows.prune.search;

import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import shallows.model.progress.Progress;
import shallows.prune.plan.Reason;

/**
 * The drops of an elimination, and those after them. Elimination measures before fine-tuning, so it
 * ends too early: behind its last network a sixth of the blocks that are left goes at any price,
 * again and again.
 */
public final class DropCuts implements Cuts {
  /** Of so many blocks that are left, one more is dropped before the next fine-tuning. */
  private static final int STEP = 6;

  private final Elimination elimination;
  private final int drops;
  private final Deque<Integer> steps;

  /**
   * @param elimination ended by the accuracy that may be lost
   */
  public DropCuts(Elimination elimination) {
    this.elimination = elimination;
    this.drops = elimination.size();
    this.steps = CutSteps.of(drops);
  }

  /**
   * Drops first what the accuracy lets go.
   *
   * @param elimination that has not begun
   */
  public static DropCuts of(Elimination elimination, Progress progress) {
    elimination.run(graph -> false, false, progress);
    return new DropCuts(elimination);
  }

  @Override
  public Optional<CutNetwork> next(Progress progress) {
    if (steps.isEmpty()) {
      return further(progress);
    }
    int count = steps.remove();
    return Optional.of(
        count == elimination.size()
            ? elimination.whenStuck()
            : elimination.after(count, new Reason.Spared()));
  }

  private Optional<CutNetwork> further(Progress progress) {
    int before = elimination.size();
    int left = elimination.graph().blocks().size();
    int target = left - Math.max(1, left / STEP);
    elimination.run(graph -> graph.blocks().size() <= target, true, progress);
    return elimination.size() == before ? Optional.empty() : Optional.of(elimination.whenStuck());
  }

  @Override
  public void because(Collection<String> blocks, Reason reason) {
    elimination.because(blocks, reason);
  }

  @Override
  public CutNetwork confirmedAsCut(Confirmation.Line line, Reason why) {
    int count = 0;
    while (count < drops && line.confirms(elimination.graph(count + 1))) {
      count++;
    }
    return elimination.after(count, why);
  }
}

package shallows.prune.search;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How much of what may be cut to try first: half, then three quarters, then all. The first network
 * that is not confirmed ends the line, so the first one has to be a safe one, and more steps cost
 * time but no confidence.
 */
final class CutSteps {
  private CutSteps() {}

  /**
   * @param cuts how many there are
   * @return how many of them to take, one after the other
   */
  static Deque<Integer> of(int cuts) {
    Set<Integer> steps = new TreeSet<>(List.of((cuts + 1) / 2, (3 * cuts + 3) / 4, cuts));
    return new ArrayDeque<>(steps);
  }
}

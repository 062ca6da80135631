package shallows.prune.tune;

import java.util.Arrays;
import java.util.Map;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.prune.SmallNetwork;
import shallows.prune.plan.Budget;
import shallows.prune.search.AccuracyMeter;
import shallows.prune.search.Elimination;
import shallows.prune.search.MeasuredNetwork;
import shallows.prune.search.SizeSearch;

/**
 * Searches for sizes of one network. How many drops are allowed is made certain by what networks
 * are compared with: one that is always right, so that none may go, or one that never is, so that
 * all may.
 *
 * @param network one that no training has said anything of: what to measure first is left to
 *     measuring
 */
record SizeSearches(SmallNetwork network) {
  static final Budget BUDGET = Budget.ofDrop(0.5);

  Graph full() {
    return network.full();
  }

  Budget size(long part) {
    return BUDGET.withMaxBytes(Cost.of(full()).bytes() / part);
  }

  /** Where no drop is allowed. */
  SizeSearch search(boolean binarize) {
    return search(elimination(faultless()), binarize, true);
  }

  SizeSearch search(Elimination elimination, boolean binarize, boolean atAnyPrice) {
    return new SizeSearch(
        elimination, choosing(), Cost.of(full()), new SizeSearch.Options(binarize, atAnyPrice));
  }

  /** What may go is what leaves a network as good as the reference. */
  Elimination elimination(MeasuredNetwork reference) {
    return new Elimination(
        choosing().measureAsItStands(full()),
        reference,
        choosing(),
        BUDGET,
        BUDGET.maxDrop(),
        Map.of());
  }

  /** Many images better than the network, which may lose a few. */
  MeasuredNetwork faultless() {
    return right(0, choosing().images().size());
  }

  /** A network that gets some of the images right that choose, from one on to another. */
  MeasuredNetwork right(int from, int to) {
    boolean[] right = new boolean[choosing().images().size()];
    Arrays.fill(right, from, to, true);
    return new MeasuredNetwork(full(), new double[right.length], right);
  }

  AccuracyMeter choosing() {
    return AccuracyMeter.choosing(network.train(), network.heldOut(), SmallNetwork.COMPUTE);
  }
}

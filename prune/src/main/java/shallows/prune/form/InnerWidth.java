package shallows.prune.form;

import java.util.List;
import java.util.Map;
import shallows.model.graph.Node;

/**
 * Channels inside a branch that nobody outside of it sees: they can be taken away without changing
 * what enters or leaves the branch.
 *
 * @param units how many can be taken one by one: channels, or where grouped convolutions are among
 *     the nodes, groups of them
 * @param values what has these channels, and how many of them make one unit
 * @param readers the layers of one group that end them, that with the most work first
 */
record InnerWidth(int units, Map<String, Integer> values, List<Node> readers) {
  InnerWidth {
    values = Map.copyOf(values);
    readers = List.copyOf(readers);
  }

  /** How many units a share of them is, at least 1. */
  int units(double share) {
    return Math.max(1, (int) Math.round(share * units));
  }
}

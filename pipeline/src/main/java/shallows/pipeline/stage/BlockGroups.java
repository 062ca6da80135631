package shallows.pipeline.stage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;

/**
 * Neighbouring blocks that one job measures. To try another form of a block takes what comes behind
 * it once more; what comes before it is computed once for all that a job tries. So a job costs one
 * network, and of each thing it tries the share s of the multiplications that come behind the
 * block: together S = Σ s networks for all of them, S / k in each of k groups, beside the one.
 *
 * <p>k is chosen so that S / k is about what is asked for, and depends on the network alone: the
 * same jobs come of it whoever does them.
 */
final class BlockGroups {
  /** For a job that tries one thing of each block: the network besides is a quarter of its work. */
  static final double NETWORKS = 3;

  private BlockGroups() {}

  /**
   * @param blocks of the graph, in its order
   * @param forms how many things are tried of each
   * @param networks S / k
   * @return one group where there is too little to try for two, none where there are no blocks
   */
  static List<List<Block>> of(Graph graph, List<Block> blocks, int forms, double networks) {
    Map<String, Double> behind = behind(graph);
    double all = 0;
    for (Block block : blocks) {
      all += forms * behind.get(block.sum());
    }
    long count = Math.max(1, Math.round(all / networks));
    List<List<Block>> groups = new ArrayList<>();
    double before = 0;
    long last = -1;
    for (Block block : blocks) {
      // The group that half of the block's own share falls into.
      double own = forms * behind.get(block.sum());
      long group = all == 0 ? 0 : Math.min(count - 1, (long) ((before + own / 2) * count / all));
      if (group != last) {
        groups.add(new ArrayList<>());
        last = group;
      }
      groups.get(groups.size() - 1).add(block);
      before += own;
    }
    return groups;
  }

  /** By value, the share of the multiplications that come behind it. */
  private static Map<String, Double> behind(Graph graph) {
    List<Node> nodes = graph.nodes();
    Map<String, Double> behind = new HashMap<>();
    long[] macs = nodes.stream().mapToLong(node -> Cost.of(graph, node).macs()).toArray();
    double all = 0;
    for (long each : macs) {
      all += each;
    }
    double left = all;
    for (int n = 0; n < macs.length; n++) {
      left -= macs[n];
      behind.put(nodes.get(n).name(), all == 0 ? 0 : left / all);
    }
    return behind;
  }
}

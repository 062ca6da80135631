package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;

/**
 * Runs a graph node by node. With gates, a block that is off costs nothing: its sum <em>is</em> its
 * shortcut (the same array, so bit for bit), and no node that only its branch needs is run, forward
 * or backward; nor is the ReLU behind the sum, if the shortcut came from one.
 *
 * <p>A value is closed after its last reader. Where gradients are wanted, torch itself keeps what
 * its backward pass needs, so this is safe there too and lets go of the rest.
 */
final class GraphRunner {
  private final Graph graph;
  private final Map<String, Integer> uses;

  /** For each node, the blocks in whose branch it lies: it runs only if all of them are on. */
  private final Map<String, List<Integer>> enclosing = new HashMap<>();

  private final Map<String, Integer> blockOfSum = new HashMap<>();
  private final Map<String, Integer> blockOfScale = new HashMap<>();

  GraphRunner(Graph graph) {
    this.graph = graph;
    this.uses = graph.uses();
    for (int i = 0; i < graph.blocks().size(); i++) {
      Block block = graph.blocks().get(i);
      blockOfSum.put(block.sum(), i);
      blockOfScale.put(block.branch(), i);
      for (Node node : graph.branch(block)) {
        enclosing.computeIfAbsent(node.name(), name -> new ArrayList<>()).add(i);
      }
    }
  }

  /**
   * @param input {@code (N, C, H, W)}, best in channels-last layout; stays open
   * @param parameters every one of the graph, by name; stay open
   * @return logits {@code (N, classes)}, the only value left open
   */
  NDArray run(NDArray input, Map<String, NDArray> parameters, RunMode mode) {
    Map<String, CountedArray> values = new HashMap<>();
    String image = graph.input().name();
    values.put(image, CountedArray.image(image, input, uses.getOrDefault(image, 0), mode));
    for (Node node : graph.nodes()) {
      if (runs(node, mode)) {
        values.put(node.name(), valueOf(node, values, parameters, mode));
      }
      for (String name : node.inputs()) {
        CountedArray read = values.get(name);
        if (read != null) {
          read.release();
        }
      }
    }
    return values.get(graph.output()).array();
  }

  private boolean runs(Node node, RunMode mode) {
    if (!mode.isGated()) {
      return true;
    }
    for (int block : enclosing.getOrDefault(node.name(), List.of())) {
      if (!mode.on()[block]) {
        return false;
      }
    }
    return true;
  }

  private CountedArray valueOf(
      Node node, Map<String, CountedArray> values, Map<String, NDArray> parameters, RunMode mode) {
    int readers = uses.getOrDefault(node.name(), 0);
    Integer sum = blockOfSum.get(node.name());
    if (mode.isGated() && sum != null && !mode.on()[sum]) {
      Block off = graph.blocks().get(sum);
      Optional<Operation.PadChannels> zeros = graph.withoutBranch(off);
      if (zeros.isPresent()) {
        Node padded = new Node(node.name(), zeros.get(), List.of(off.shortcut()));
        return CountedArray.of(padded, readers, values, parameters, mode);
      }
      return values.get(off.shortcut()).sharedWith(readers);
    }
    Integer block = blockOfScale.get(node.name());
    if (mode.isGated() && block != null && node.operation() instanceof Operation.Scale) {
      if (mode.kept(block) != null) {
        NDArray branch = values.get(node.inputs().get(0)).array();
        return CountedArray.input(branch.mul(BrainFloats.like(branch, mode.kept(block))), readers);
      }
      return values.get(node.inputs().get(0)).sharedWith(readers);
    }
    return CountedArray.of(node, readers, values, parameters, mode);
  }
}

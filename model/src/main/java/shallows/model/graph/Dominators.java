package shallows.model.graph;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Which values another value is computed of, and of nothing else. A value s dominates a value v if
 * each way from the image to v passes s: then v is a function of s and parameters. Every value but
 * the image has a nearest dominator, so these form a tree, and s dominates v where s is v or above
 * it.
 *
 * <p>In topological order the nearest dominator of a value is the deepest one that its inputs have
 * in common. Each value keeps its parent and one ancestor farther up, chosen so that any ancestor
 * is O(log n) steps away (Myers 1983); so all of it takes O(n log n).
 */
final class Dominators {
  private static final int NONE = -1;
  private static final int IMAGE = 0;

  private final Graph graph;

  /** The image, then the nodes in their order. */
  private final Map<String, Integer> index = new HashMap<>();

  private final int[] parent;
  private final int[] farther;

  /** Below the image; none for what depends on no image. */
  private final int[] depth;

  Dominators(Graph graph) {
    this.graph = graph;
    int size = graph.nodes().size() + 1;
    parent = new int[size];
    farther = new int[size];
    depth = new int[size];
    index.put(graph.input().name(), IMAGE);
    for (Node node : graph.nodes()) {
      int value = index.size();
      index.put(node.name(), value);
      place(value, nearest(node));
    }
  }

  private int nearest(Node node) {
    int common = NONE;
    for (String input : node.inputs()) {
      int value = of(input);
      if (value != NONE) {
        common = common == NONE ? value : common(common, value);
      }
    }
    return common;
  }

  private void place(int value, int above) {
    parent[value] = above;
    if (above == NONE) {
      depth[value] = NONE;
      return;
    }
    depth[value] = depth[above] + 1;
    int far = farther[above];
    farther[value] =
        depth[above] - depth[far] == depth[far] - depth[farther[far]] ? farther[far] : above;
  }

  private int common(int one, int other) {
    int a = raised(one, depth[other]);
    int b = raised(other, depth[one]);
    while (a != b) {
      boolean jumps = farther[a] != farther[b];
      a = jumps ? farther[a] : parent[a];
      b = jumps ? farther[b] : parent[b];
    }
    return a;
  }

  /** The ancestor of that depth, or the value itself where it is not deeper. */
  private int raised(int value, int to) {
    int at = value;
    while (depth[at] > to) {
      at = depth[farther[at]] >= to ? farther[at] : parent[at];
    }
    return at;
  }

  /** Of a value that depends on the image; none for parameters and what is made of them. */
  private int of(String name) {
    int value = index.getOrDefault(name, NONE);
    return value == NONE || depth[value] == NONE ? NONE : value;
  }

  /** Whether {@code value} is {@code start}, or computed of it and parameters alone. */
  boolean dominates(String start, String value) {
    int above = of(start);
    int below = of(value);
    return above != NONE && below != NONE && raised(below, depth[above]) == above;
  }

  /** Where operations of a kind are. */
  Operations where(Predicate<Operation> kind) {
    return new Operations(kind);
  }

  /**
   * Operations of a kind between a value and its dominators. All that is computed between v and a
   * dominator s is what is computed between each dominator on the way and the next. So each value
   * counts on how many of these stretches, from the image to it, there is such an operation;
   * between s and v there is one where v counts more.
   */
  final class Operations {
    private final int[] stretches = new int[parent.length];

    private Operations(Predicate<Operation> kind) {
      int value = IMAGE;
      for (Node node : graph.nodes()) {
        value++;
        int before = depth[value] == NONE ? 0 : stretches[parent[value]];
        boolean any =
            kind.test(node.operation())
                || node.inputs().stream()
                    .map(index::get)
                    .anyMatch(
                        input ->
                            input != null
                                && stretches[input] > (depth[input] == NONE ? 0 : before));
        stretches[value] = before + (any ? 1 : 0);
      }
    }

    /** Whether there is one behind {@code start}, which dominates {@code value}, up to it. */
    boolean areBetween(String start, String value) {
      return stretches[index.get(value)] > stretches[index.get(start)];
    }
  }
}

package shallows.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Tensor;

/**
 * All trained parameters of a graph in one array, sorted into groups: first what every step trains,
 * then, block by block, what only that block's branch reads. The optimizer so updates a few long
 * ranges instead of hundreds of small arrays, and leaves out the ranges of blocks that were off.
 *
 * <p>Group 0 is what is always on; group b + 1 belongs to block b. A group may be empty.
 */
final class FlatParameters {
  private final List<String> names = new ArrayList<>();
  private final List<shallows.model.graph.Shape> shapes = new ArrayList<>();
  private final long[] ends;
  private final long[] groupSizes;
  private final long size;

  FlatParameters(Graph graph) {
    Map<String, Integer> groups = groups(graph);
    groupSizes = new long[graph.blocks().size() + 1];
    List<Long> offsets = new ArrayList<>();
    long offset = 0;
    for (int group = 0; group < groupSizes.length; group++) {
      for (Map.Entry<String, Integer> entry : groups.entrySet()) {
        if (entry.getValue() == group) {
          Tensor value = graph.parameter(entry.getKey());
          names.add(entry.getKey());
          shapes.add(value.shape());
          offset += value.size();
          groupSizes[group] += value.size();
          offsets.add(offset);
        }
      }
    }
    size = offset;
    ends = offsets.stream().mapToLong(end -> end).toArray();
  }

  /** The group of each trained parameter, in the graph's order. */
  private static Map<String, Integer> groups(Graph graph) {
    Map<String, Integer> groups = new LinkedHashMap<>();
    graph.parameters().keySet().forEach(name -> groups.put(name, 0));
    stored(graph).forEach(groups::remove);
    for (int b = 0; b < graph.blocks().size(); b++) {
      Block block = graph.blocks().get(b);
      Set<Node> branch = new HashSet<>(graph.branch(block));
      Set<String> elsewhere = new HashSet<>();
      graph.nodes().stream()
          .filter(node -> !branch.contains(node))
          .forEach(node -> elsewhere.addAll(node.inputs()));
      for (Node node : branch) {
        for (String input : node.inputs()) {
          // A parameter that two places share is trained by both, so it is always on.
          if (groups.containsKey(input) && !elsewhere.contains(input)) {
            groups.put(input, b + 1);
          }
        }
      }
    }
    return groups;
  }

  /** The parameters that no gradient trains: mean and variance of batch norm. */
  static List<String> stored(Graph graph) {
    return graph.nodes().stream()
        .filter(node -> node.operation() instanceof Operation.BatchNorm)
        .flatMap(node -> node.inputs().subList(3, 5).stream())
        .distinct()
        .toList();
  }

  /** Puts the values of {@code tensors} into one array. */
  float[] gather(Map<String, Tensor> tensors) {
    float[] flat = new float[Math.toIntExact(size)];
    int offset = 0;
    for (int i = 0; i < names.size(); i++) {
      Tensor tensor = tensors.get(names.get(i));
      if (tensor == null || !tensor.shape().equals(shapes.get(i))) {
        throw new IllegalArgumentException(
            "'"
                + names.get(i)
                + "' must be a tensor of shape "
                + shapes.get(i)
                + ", found "
                + tensor);
      }
      System.arraycopy(tensor.values(), 0, flat, offset, tensor.size());
      offset += tensor.size();
    }
    return flat;
  }

  /** Takes them apart again. */
  Map<String, Tensor> scatter(float[] flat) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    int offset = 0;
    for (int i = 0; i < names.size(); i++) {
      float[] values = new float[shapes.get(i).size()];
      System.arraycopy(flat, offset, values, 0, values.length);
      tensors.put(names.get(i), new Tensor(shapes.get(i), values));
      offset += values.length;
    }
    return tensors;
  }

  /** Views of the parameters inside {@code flat}, through which gradients reach it. */
  Map<String, NDArray> views(NDArray flat) {
    Map<String, NDArray> views = new HashMap<>();
    NDList pieces = split(flat, ends);
    for (int i = 0; i < names.size(); i++) {
      try (NDArray piece = pieces.get(i)) {
        views.put(
            names.get(i),
            piece.reshape(
                new Shape(shapes.get(i).dimensions().stream().mapToLong(d -> d).toArray())));
      }
    }
    return views;
  }

  /** Views of the groups inside {@code flat}, by group. */
  List<NDArray> groups(NDArray flat) {
    long[] groupEnds = new long[groupSizes.length];
    long end = 0;
    for (int i = 0; i < groupEnds.length; i++) {
      end += groupSizes[i];
      groupEnds[i] = end;
    }
    return split(flat, groupEnds);
  }

  /** DJL splits at the indices between pieces; the last piece ends with the array. */
  private static NDList split(NDArray flat, long[] pieceEnds) {
    if (pieceEnds.length == 1) {
      // Without an index between, DJL returns the array itself, and closing a piece closes it.
      return new NDList(flat.reshape(-1));
    }
    long[] between = Arrays.copyOf(pieceEnds, pieceEnds.length - 1);
    return flat.split(between, 0);
  }
}

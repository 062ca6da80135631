package shallows.prune.form;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * Takes channels away: rows of the weights that give them, entries of what normalizes them, columns
 * of the weights that read them. Grouped convolutions lose whole groups.
 */
final class Narrowing {
  private Narrowing() {}

  /**
   * @param kept units of the width, ascending
   */
  static Graph keep(Graph graph, InnerWidth width, int[] kept) {
    Map<String, Tensor> parameters = new LinkedHashMap<>(graph.parameters());
    List<Node> nodes = new ArrayList<>();
    Set<String> done = new HashSet<>();
    for (Node node : graph.nodes()) {
      Integer given = width.values().get(node.name());
      if (given != null) {
        for (String name : node.inputs().subList(1, node.inputs().size())) {
          if (parameters.containsKey(name) && done.add(name)) {
            parameters.put(name, slices(parameters.get(name), 0, channels(kept, given)));
          }
        }
      }
      Integer read = width.values().get(node.inputs().get(0));
      boolean weighs =
          node.operation() instanceof Operation.Linear
              || node.operation() instanceof Operation.Conv2d conv && conv.groups() == 1;
      if (read != null && weighs) {
        String weight = node.inputs().get(1);
        parameters.put(weight, slices(parameters.get(weight), 1, channels(kept, read)));
      }
      boolean grouped =
          given != null && node.operation() instanceof Operation.Conv2d conv && conv.groups() > 1;
      nodes.add(grouped ? node.withOperation(fewer(node, width, kept)) : node);
    }
    return graph.with(nodes, graph.output(), parameters, graph.blocks());
  }

  private static Operation.Conv2d fewer(Node node, InnerWidth width, int[] kept) {
    Operation.Conv2d conv = (Operation.Conv2d) node.operation();
    return new Operation.Conv2d(
        conv.stride(),
        conv.padding(),
        conv.dilation(),
        conv.groups() / width.units() * kept.length,
        conv.precision());
  }

  /** The channels of the units. */
  static int[] channels(int[] units, int each) {
    return IntStream.of(units).flatMap(u -> IntStream.range(u * each, (u + 1) * each)).toArray();
  }

  /** Some entries along an axis. */
  static Tensor slices(Tensor tensor, int axis, int[] kept) {
    List<Integer> dimensions = new ArrayList<>(tensor.shape().dimensions());
    int outer = dimensions.subList(0, axis).stream().reduce(1, (a, b) -> a * b);
    int all = dimensions.get(axis);
    int inner = tensor.size() / outer / all;
    float[] values = new float[outer * kept.length * inner];
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < kept.length; i++) {
        System.arraycopy(
            tensor.values(),
            (o * all + kept[i]) * inner,
            values,
            (o * kept.length + i) * inner,
            inner);
      }
    }
    dimensions.set(axis, kept.length);
    return new Tensor(new Shape(dimensions), values);
  }
}

package shallows.model.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the residual blocks of a network from its structure alone.
 *
 * <ol>
 *   <li>A sum of a value v and a branch that is computed of v alone: the shortcut is the identity.
 *   <li>A sum of a projection of v, by convolutions, batch norms, pools and the like but no
 *       activation, and a branch that is computed of v alone.
 *   <li>A concatenation of v and a branch that is computed of v alone, as in DenseNet (Huang et al.
 *       2017): without the branch its channels are zeros.
 *   <li>Not a block: a sum or concatenation neither side of which is such a shortcut of the other,
 *       as in Inception, and a branch without any convolution.
 * </ol>
 *
 * <p>In DenseNet a layer reads all layers before it. Exporters concatenate those anew for each
 * layer; a concatenation that begins with the inputs of an earlier one is first made to begin with
 * that value itself, which computes the same.
 */
public final class ResidualBlocks {
  private final Graph graph;
  private final Dominators dominators;
  private final Dominators.Operations work;
  private final Dominators.Operations activations;

  /** Of each linear node the value that it and the linear ones right before it are computed of. */
  private final Map<String, String> projected = new HashMap<>();

  private ResidualBlocks(Graph graph) {
    this.graph = graph;
    dominators = new Dominators(graph);
    work = dominators.where(Operation::weighs);
    activations = dominators.where(operation -> !isLinear(operation));
    for (Node node : graph.nodes()) {
      if (isLinear(node.operation())) {
        String input = node.inputs().get(0);
        projected.put(node.name(), projected.getOrDefault(input, input));
      }
    }
  }

  /**
   * The same network with its blocks, shallowest first, each branch of a sum behind a {@link
   * Operation.Scale} of its own that holds its survival probability, 1. One that is there already
   * does; two in a row would be read back as nothing to compute.
   */
  public static Graph found(Graph graph) {
    Graph nested = nestedConcats(graph);
    List<Block> blocks = new ResidualBlocks(nested).blocks();
    return blocks.isEmpty()
        ? graph
        : BranchScales.insert(nested, blocks, block -> BranchScales.isAlwaysOn(nested, block));
  }

  private List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    Shape size = null;
    int stage = 0;
    int block = 0;
    for (Node node : graph.nodes()) {
      Optional<Sides> sides = sides(node);
      if (sides.isEmpty()) {
        continue;
      }
      Shape shape = graph.shape(node.name());
      Shape resolution =
          shape.rank() == 3 ? Shape.of(shape.dimension(1), shape.dimension(2)) : shape;
      if (!resolution.equals(size)) {
        size = resolution;
        stage++;
        block = 0;
      }
      block++;
      blocks.add(
          new Block(
              Block.name(stage, block), sides.get().shortcut(), sides.get().branch(), node.name()));
    }
    return blocks;
  }

  private record Sides(String shortcut, String branch) {}

  private Optional<Sides> sides(Node node) {
    boolean concat =
        node.operation() instanceof Operation.Concat && graph.shape(node.name()).rank() == 3;
    if (!(node.operation() instanceof Operation.Add) && !concat || node.inputs().size() != 2) {
      return Optional.empty();
    }
    String first = node.inputs().get(0);
    String second = node.inputs().get(1);
    if (first.equals(second)) {
      return Optional.empty();
    }
    for (Sides sides : List.of(new Sides(first, second), new Sides(second, first))) {
      if (isBranch(sides.branch(), sides.shortcut())) {
        return Optional.of(sides);
      }
    }
    return concat ? Optional.empty() : projected(first, second);
  }

  /**
   * Both sides may be projections; the branch is the one with more of the work, and with an
   * activation. Where a branch is computed of a value on the way of a projection, it is so of the
   * value before it too, and has no less in it; so the first value of the projection decides.
   */
  private Optional<Sides> projected(String first, String second) {
    for (Sides sides : List.of(new Sides(first, second), new Sides(second, first))) {
      String start = projected.get(sides.shortcut());
      if (start != null
          && isBranch(sides.branch(), start)
          && activations.areBetween(start, sides.branch())) {
        return Optional.of(sides);
      }
    }
    return Optional.empty();
  }

  private static boolean isLinear(Operation operation) {
    return operation instanceof Operation.Conv2d
        || operation instanceof Operation.BatchNorm
        || operation instanceof Operation.AveragePool
        || operation instanceof Operation.MaxPool
        || operation instanceof Operation.PadChannels
        || operation instanceof Operation.PadImage
        || operation instanceof Operation.CropImage
        || operation instanceof Operation.SelectPixels
        || operation instanceof Operation.Rearrange
        || operation instanceof Operation.Resize
        || operation instanceof Operation.ChannelNorm
        || operation instanceof Operation.Dropout
        || operation instanceof Operation.Scale;
  }

  /** Whether {@code value} is computed of {@code start} and parameters alone, by a convolution. */
  private boolean isBranch(String value, String start) {
    return dominators.dominates(start, value) && work.areBetween(start, value);
  }

  private static Graph nestedConcats(Graph graph) {
    List<Node> nodes = new ArrayList<>();
    Map<List<String>, String> known = new HashMap<>();
    for (Node node : graph.nodes()) {
      Node nested = node;
      List<String> inputs = node.inputs();
      if (node.operation() instanceof Operation.Concat) {
        for (int length = inputs.size() - 1; length > 1 && nested == node; length--) {
          String prefix = known.get(inputs.subList(0, length));
          if (prefix != null) {
            List<String> rest = new ArrayList<>(List.of(prefix));
            rest.addAll(inputs.subList(length, inputs.size()));
            nested = node.withInputs(rest);
          }
        }
        known.put(inputs, node.name());
      }
      nodes.add(nested);
    }
    return nodes.equals(graph.nodes())
        ? graph
        : graph.with(nodes, graph.output(), graph.parameters(), graph.blocks());
  }
}

package shallows.export.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shallows.model.graph.BinaryWeights;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphEdit;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Tensor;

/**
 * Folds a {@link Operation.Scale} into the linear operation before it; so the survival probability
 * at the end of a residual branch costs nothing.
 *
 * <ol>
 *   <li>After a BatchNorm: s·(γ·x̂ + β) = (s·γ)·x̂ + s·β.
 *   <li>After a Conv2d: s·(W∗x + b) = (s·W)∗x + s·b. A binary convolution stays binary: ±α becomes
 *       ±s·α.
 *   <li>Not applied when the value before the Scale has another reader, which wants it unscaled.
 *   <li>Not applied when something else stands before the Scale.
 * </ol>
 */
final class FoldScale {
  private FoldScale() {}

  static Graph apply(Graph graph) {
    GraphEdit edit = new GraphEdit(graph);
    for (Node node : graph.nodes()) {
      if (node.operation() instanceof Operation.Scale scale) {
        Optional<Node> folded =
            edit.soleProducer(node).flatMap(before -> fold(edit, before, scale.factor()));
        if (folded.isPresent()) {
          edit.replace(folded.get());
          edit.bypass(node);
        }
      }
    }
    return edit.result();
  }

  private static Optional<Node> fold(GraphEdit edit, Node before, float factor) {
    if (before.operation() instanceof Operation.BatchNorm) {
      // Inputs: x, γ, β, mean, variance.
      return Optional.of(scaled(edit, before, factor, List.of(1, 2)));
    }
    if (before.operation() instanceof Operation.Conv2d conv) {
      if (conv.precision() == Precision.BINARY) {
        // A scaled projection is its own projection; a scaled latent weight would not be.
        List<String> inputs = new ArrayList<>(before.inputs());
        Tensor projected = BinaryWeights.project(edit.parameter(inputs.get(1)));
        inputs.set(1, edit.changed(inputs.get(1), projected));
        return Optional.of(scaled(edit, before.withInputs(inputs), factor, List.of(1, 2)));
      }
      return Optional.of(scaled(edit, before, factor, List.of(1, 2)));
    }
    return Optional.empty();
  }

  private static Node scaled(GraphEdit edit, Node node, float factor, List<Integer> positions) {
    List<String> inputs = new ArrayList<>(node.inputs());
    for (int position : positions) {
      if (position < inputs.size()) {
        String name = inputs.get(position);
        Tensor scaled = edit.parameter(name).mapped((index, value) -> factor * value);
        inputs.set(position, edit.changed(name, scaled));
      }
    }
    return node.withInputs(inputs);
  }
}

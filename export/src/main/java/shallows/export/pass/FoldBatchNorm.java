package shallows.export.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shallows.model.graph.BinaryWeights;
import shallows.model.graph.ChannelAffine;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphEdit;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Tensor;

/**
 * Folds a {@link Operation.BatchNorm} into the convolution before it. With f = γ / √(σ² + ε) for
 * each output channel:
 *
 * <pre>  W' = f·W        b' = f·(b − μ) + β        (b = 0 where there was no bias)</pre>
 *
 * <ol>
 *   <li>After a Conv2d with a bias: weight and bias change.
 *   <li>After a Conv2d without: a bias is made.
 *   <li>After a binary Conv2d: ±α becomes ±f·α, still two values a channel, so it stays binary.
 *   <li>Not applied when the convolution's value has another reader.
 *   <li>Not applied when no convolution stands before it, as at the start of a branch with
 *       pre-activation. Folding forward, into a convolution behind it, would be wrong at its
 *       padding: zeros are put in after the normalization, not before.
 * </ol>
 */
final class FoldBatchNorm {
  private FoldBatchNorm() {}

  static Graph apply(Graph graph) {
    GraphEdit edit = new GraphEdit(graph);
    for (Node node : graph.nodes()) {
      if (node.operation() instanceof Operation.BatchNorm) {
        Optional<Node> before =
            edit.soleProducer(node).filter(n -> n.operation() instanceof Operation.Conv2d);
        if (before.isPresent()) {
          edit.replace(folded(edit, before.get(), node));
          edit.bypass(node);
        }
      }
    }
    return edit.result();
  }

  private static Node folded(GraphEdit edit, Node conv, Node norm) {
    ChannelAffine affine = ChannelAffine.of(norm, edit::parameter);
    Tensor weight = edit.parameter(conv.inputs().get(1));
    if (((Operation.Conv2d) conv.operation()).precision() == Precision.BINARY) {
      weight = BinaryWeights.project(weight);
    }
    int channels = weight.shape().dimension(0);
    int perChannel = weight.size() / channels;
    Tensor folded =
        weight.mapped((index, value) -> (float) (affine.factor(index / perChannel) * value));
    boolean hasBias = conv.inputs().size() == 3;
    float[] bias = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      double before = hasBias ? edit.parameter(conv.inputs().get(2)).values()[channel] : 0;
      bias[channel] = (float) (affine.factor(channel) * before + affine.offset(channel));
    }
    List<String> inputs = new ArrayList<>(conv.inputs().subList(0, 1));
    inputs.add(edit.changed(conv.inputs().get(1), folded));
    inputs.add(
        hasBias
            ? edit.changed(conv.inputs().get(2), Tensor.vector(bias))
            : edit.added(conv.name() + "/bias", Tensor.vector(bias)));
    return conv.withInputs(inputs);
  }
}

package shallows.export.pass;

import java.util.HashSet;
import java.util.Set;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;

/**
 * Which values of a graph cannot be negative whatever the image.
 *
 * <ol>
 *   <li>Those of a Relu, a sigmoid, a hard sigmoid, softplus, eˣ, |x|, an even power and a Clip
 *       from 0 or above, whatever they read.
 *   <li>Those of what keeps the sign of such values: the other powers and curves but the logarithm,
 *       LeakyRelu, Clip to 0 or above, Dropout, pools and other means and maxima, resizing,
 *       padding, slices, and what only rearranges.
 *   <li>Sums, products, quotients, minima and concatenations of nothing but such values, and a
 *       maximum with one.
 *   <li>Scale of such values by a factor of at least 0.
 *   <li>Not known of anything else: the image, what has weights, and the above over values that may
 *       be negative.
 * </ol>
 */
public final class NonNegativeValues implements Operation.Visitor<Boolean> {
  private final Set<String> known = new HashSet<>();
  private Node node;

  private NonNegativeValues() {}

  /** The names of the nodes whose values cannot be negative. */
  public static Set<String> of(Graph graph) {
    NonNegativeValues values = new NonNegativeValues();
    for (Node node : graph.nodes()) {
      values.node = node;
      if (node.operation().accept(values)) {
        values.known.add(node.name());
      }
    }
    return values.known;
  }

  private boolean input() {
    return known.contains(node.inputs().get(0));
  }

  @Override
  public Boolean conv2d(Operation.Conv2d conv) {
    return false;
  }

  @Override
  public Boolean batchNorm(Operation.BatchNorm norm) {
    return false;
  }

  @Override
  public Boolean relu(Operation.Relu relu) {
    return true;
  }

  @Override
  public Boolean clip(Operation.Clip clip) {
    return clip.low() >= 0 || clip.high() >= 0 && input();
  }

  @Override
  public Boolean leakyRelu(Operation.LeakyRelu relu) {
    return input();
  }

  @Override
  public Boolean activation(Operation.Activation activation) {
    return switch (activation.curve()) {
      case SIGMOID, HARD_SIGMOID, SOFTPLUS, EXP, ABS -> true;
      // They are below zero left of it, and nowhere else.
      case HARD_SWISH, GELU, GELU_TANH, TANH, ELU -> input();
      case LOG -> false;
    };
  }

  @Override
  public Boolean power(Operation.Power power) {
    return power.exponent() % 2 == 0 || input();
  }

  @Override
  public Boolean binary(Operation.Binary binary) {
    return switch (binary.function()) {
      case ADD, MULTIPLY, DIVIDE, MINIMUM -> known.containsAll(node.inputs());
      case MAXIMUM -> node.inputs().stream().anyMatch(known::contains);
      case SUBTRACT -> false;
      case PRELU -> input();
    };
  }

  @Override
  public Boolean add(Operation.Add add) {
    return known.containsAll(node.inputs());
  }

  @Override
  public Boolean multiply(Operation.Multiply multiply) {
    return known.containsAll(node.inputs());
  }

  @Override
  public Boolean concat(Operation.Concat concat) {
    return known.containsAll(node.inputs());
  }

  @Override
  public Boolean scale(Operation.Scale scale) {
    return scale.factor() >= 0 && input();
  }

  @Override
  public Boolean dropout(Operation.Dropout dropout) {
    return input();
  }

  @Override
  public Boolean maxPool(Operation.MaxPool pool) {
    return input();
  }

  @Override
  public Boolean averagePool(Operation.AveragePool pool) {
    return input();
  }

  @Override
  public Boolean globalAveragePool(Operation.GlobalAveragePool pool) {
    return input();
  }

  @Override
  public Boolean reduce(Operation.Reduce reduce) {
    return input();
  }

  @Override
  public Boolean padChannels(Operation.PadChannels pad) {
    return input();
  }

  @Override
  public Boolean padImage(Operation.PadImage pad) {
    return input();
  }

  @Override
  public Boolean cropImage(Operation.CropImage crop) {
    return input();
  }

  @Override
  public Boolean selectPixels(Operation.SelectPixels select) {
    return input();
  }

  @Override
  public Boolean resize(Operation.Resize resize) {
    return input();
  }

  @Override
  public Boolean sliceChannels(Operation.SliceChannels slice) {
    return input();
  }

  @Override
  public Boolean channelShuffle(Operation.ChannelShuffle shuffle) {
    return input();
  }

  @Override
  public Boolean rearrange(Operation.Rearrange rearrange) {
    return input();
  }

  @Override
  public Boolean groupNorm(Operation.GroupNorm norm) {
    return false;
  }

  @Override
  public Boolean localResponseNorm(Operation.LocalResponseNorm norm) {
    return input();
  }

  @Override
  public Boolean channelNorm(Operation.ChannelNorm norm) {
    return false;
  }

  @Override
  public Boolean attention(Operation.Attention attention) {
    // Means of the values, whatever the weights are.
    return attention.softmax() && known.contains(node.inputs().get(2));
  }

  @Override
  public Boolean unflatten(Operation.Unflatten unflatten) {
    return input();
  }

  @Override
  public Boolean flatten(Operation.Flatten flatten) {
    return input();
  }

  @Override
  public Boolean linear(Operation.Linear linear) {
    return false;
  }
}

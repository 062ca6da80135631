package shallows.export.tflite;

import java.util.Set;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.LocalResponseNormalizationOptions;
import org.tensorflow.lite.schema.ReducerOptions;
import shallows.model.graph.Operation;
import shallows.model.graph.Tensor;

/** Means and maxima of floats, and the norms that are made of them. */
final class Norms {
  private static final byte NO_ACTIVATION = ActivationFunctionType.NONE;

  private final TfliteFile file;
  private final Elementwise elementwise;
  private final Channels channels;

  Norms(TfliteFile file, Elementwise elementwise, Channels channels) {
    this.file = file;
    this.elementwise = elementwise;
    this.channels = channels;
  }

  /**
   * @param name of the node, for constants
   */
  void reduce(String name, int source, int target, Operation.Reduce reduce) {
    int operator =
        reduce.statistic() == Operation.Statistic.MEAN
            ? BuiltinOperator.MEAN
            : BuiltinOperator.REDUCE_MAX;
    reduce(operator, name, source, target, axes(reduce.axes()));
  }

  /** As TFLite counts them: batch, rows, columns, channels. */
  private static int[] axes(Set<Operation.Axis> axes) {
    return axes.stream()
        .mapToInt(axis -> axis == Operation.Axis.CHANNELS ? 3 : axis.ordinal())
        .sorted()
        .toArray();
  }

  void mean(String name, int source, int target, int... axes) {
    reduce(BuiltinOperator.MEAN, name, source, target, axes);
  }

  private void reduce(int operator, String name, int source, int target, int... axes) {
    int[] inputs = {source, file.constant(name + "/axes", new int[] {axes.length}, axes)};
    int options = ReducerOptions.createReducerOptions(file.builder(), true);
    file.operator(operator, 1, inputs, target, BuiltinOptions.ReducerOptions, options);
  }

  /**
   * γ·(x − μ) / √(σ² + ε) + β with μ and σ² over the last axis.
   *
   * @param shape of the value, {@code (1, H, W, C)}
   */
  void channelNorm(
      String name, int source, int target, int[] shape, float epsilon, Tensor scale, Tensor bias) {
    int normal = file.value(name + "/normal", shape);
    normalize(name, source, normal, shape, epsilon, 3);
    int scaled = file.value(name + "/scaled", shape);
    int gamma = file.constant(name + "/gamma", scale);
    elementwise.multiply(normal, gamma, scaled, NO_ACTIVATION);
    elementwise.add(scaled, file.constant(name + "/beta", bias), target, NO_ACTIVATION);
  }

  /** The same over the positions and channels of each group, {@code (H·W, g, C/g)}. */
  void groupNorm(String name, int source, int target, int[] shape, Operation.GroupNorm norm) {
    int positions = shape[1] * shape[2];
    int[] grouped = {1, positions, norm.groups(), shape[3] / norm.groups()};
    int groups = file.value(name + "/grouped", grouped);
    channels.reshape(name + "/grouped", source, groups, -1, positions, grouped[2], grouped[3]);
    int normal = file.value(name + "/normal", grouped);
    // One axis after the other: sums of fewer numbers round less.
    normalize(name, groups, normal, grouped, norm.epsilon(), 1, 3);
    channels.reshape(name + "/merged", normal, target, -1, shape[1], shape[2], shape[3]);
  }

  private void normalize(
      String name, int source, int target, int[] shape, float epsilon, int... axes) {
    int mean = means(name + "/mean", source, shape, axes);
    int centered = file.value(name + "/centered", shape);
    elementwise.subtract(source, mean, centered);
    int squares = file.value(name + "/squares", shape);
    elementwise.multiply(centered, centered, squares, NO_ACTIVATION);
    int variance = means(name + "/variance", squares, shape, axes);
    int[] position = shape.clone();
    for (int axis : axes) {
      position[axis] = 1;
    }
    int positive = file.value(name + "/positive", position);
    int constant = file.constant(name + "/epsilon", Tensor.vector(epsilon));
    elementwise.add(variance, constant, positive, NO_ACTIVATION);
    int factor = file.value(name + "/factor", position);
    elementwise.unary(BuiltinOperator.RSQRT, positive, factor);
    elementwise.multiply(centered, factor, target, NO_ACTIVATION);
  }

  private int means(String name, int source, int[] shape, int... axes) {
    int[] left = shape.clone();
    int mean = source;
    String suffix = "";
    for (int axis : axes) {
      left[axis] = 1;
      int next = file.value(name + suffix, left.clone());
      mean(name + suffix, mean, next, axis);
      mean = next;
      suffix += "/of";
    }
    return mean;
  }

  /** TFLite takes the share of a sum itself, not of a mean. */
  void localResponse(int source, int target, Operation.LocalResponseNorm norm) {
    int options =
        LocalResponseNormalizationOptions.createLocalResponseNormalizationOptions(
            file.builder(), norm.size() / 2, norm.bias(), norm.alpha() / norm.size(), norm.beta());
    byte type = BuiltinOptions.LocalResponseNormalizationOptions;
    int[] inputs = {source};
    file.operator(BuiltinOperator.LOCAL_RESPONSE_NORMALIZATION, 1, inputs, target, type, options);
  }
}

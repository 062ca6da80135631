package shallows.export.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import java.util.Arrays;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.AddOptions;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.GeluOptions;
import org.tensorflow.lite.schema.HardSwishOptions;
import org.tensorflow.lite.schema.LeakyReluOptions;
import org.tensorflow.lite.schema.MaximumMinimumOptions;
import org.tensorflow.lite.schema.MulOptions;
import org.tensorflow.lite.schema.ReducerOptions;
import org.tensorflow.lite.schema.SubOptions;
import shallows.model.graph.Operation;
import shallows.model.graph.Tensor;

/** Operators that compute each element by itself, and layer norm, which is made of such. */
final class Elementwise {
  private static final byte NO_ACTIVATION = ActivationFunctionType.NONE;

  private final TfliteFile file;
  private final FlatBufferBuilder builder;

  Elementwise(TfliteFile file) {
    this.file = file;
    this.builder = file.builder();
  }

  void add(int first, int second, int target, byte activation) {
    int options = AddOptions.createAddOptions(builder, activation, false);
    int[] inputs = {first, second};
    file.operator(BuiltinOperator.ADD, 1, inputs, target, BuiltinOptions.AddOptions, options);
  }

  void multiply(int first, int second, int target, byte activation) {
    int options = MulOptions.createMulOptions(builder, activation);
    int[] inputs = {first, second};
    file.operator(BuiltinOperator.MUL, 1, inputs, target, BuiltinOptions.MulOptions, options);
  }

  /** An operator of one input and no options. */
  void unary(int operator, int source, int target) {
    file.operator(operator, 1, new int[] {source}, target);
  }

  /**
   * A clip to any bounds, of floats. XNNPACK makes a clamp of a bound of one number, puts it into
   * the operator before, and refuses that where the clamp excludes 0; so such bounds have a number
   * for each channel.
   *
   * @param name of the node, for constants
   */
  void clip(String name, int source, int target, Operation.Clip clip, int[] shape) {
    boolean both = Float.isFinite(clip.low()) && Float.isFinite(clip.high());
    boolean excludesZero = clip.low() > 0 || clip.high() < 0;
    int channels = excludesZero ? shape[shape.length - 1] : 1;
    int raised = both ? file.value(name + "/raised", shape) : target;
    if (!Float.isInfinite(clip.low())) {
      int low = file.constant(name + "/low", bounds(channels, clip.low()));
      bound(BuiltinOperator.MAXIMUM, source, low, raised);
    }
    if (!Float.isInfinite(clip.high())) {
      int high = file.constant(name + "/high", bounds(channels, clip.high()));
      bound(BuiltinOperator.MINIMUM, both ? raised : source, high, target);
    }
  }

  private static Tensor bounds(int channels, float bound) {
    float[] each = new float[channels];
    Arrays.fill(each, bound);
    return Tensor.vector(each);
  }

  private void bound(int operator, int source, int bound, int target) {
    MaximumMinimumOptions.startMaximumMinimumOptions(builder);
    int options = MaximumMinimumOptions.endMaximumMinimumOptions(builder);
    int[] inputs = {source, bound};
    file.operator(operator, 1, inputs, target, BuiltinOptions.MaximumMinimumOptions, options);
  }

  void leakyRelu(int source, int target, float slope) {
    int options = LeakyReluOptions.createLeakyReluOptions(builder, slope);
    int[] inputs = {source};
    file.operator(
        BuiltinOperator.LEAKY_RELU, 1, inputs, target, BuiltinOptions.LeakyReluOptions, options);
  }

  /**
   * @param name of the node, for what stands in between
   * @param shape of the value
   */
  void curve(String name, Operation.Curve curve, int source, int target, int[] shape) {
    switch (curve) {
      case SIGMOID -> unary(BuiltinOperator.LOGISTIC, source, target);
      case HARD_SIGMOID -> hardSigmoid(name, source, target, shape);
      case HARD_SWISH -> {
        HardSwishOptions.startHardSwishOptions(builder);
        int options = HardSwishOptions.endHardSwishOptions(builder);
        int[] inputs = {source};
        byte type = BuiltinOptions.HardSwishOptions;
        file.operator(BuiltinOperator.HARD_SWISH, 1, inputs, target, type, options);
      }
      case GELU -> {
        int options = GeluOptions.createGeluOptions(builder, false);
        int[] inputs = {source};
        file.operator(BuiltinOperator.GELU, 1, inputs, target, BuiltinOptions.GeluOptions, options);
      }
    }
  }

  /** min(max(x + 3, 0), 6) / 6. */
  private void hardSigmoid(String name, int source, int target, int[] shape) {
    int moved = file.value(name + "/moved", shape);
    int three = file.constant(name + "/three", Tensor.vector(3));
    add(source, three, moved, ActivationFunctionType.RELU6);
    int sixth = file.constant(name + "/sixth", Tensor.vector(1f / 6));
    multiply(moved, sixth, target, NO_ACTIVATION);
  }

  /**
   * γ·(x − μ) / √(σ² + ε) + β with μ and σ² over the last axis, of floats.
   *
   * @param shape of the value, {@code (1, H, W, C)}
   */
  void norm(
      String name, int source, int target, int[] shape, float epsilon, Tensor scale, Tensor bias) {
    int[] position = {shape[0], shape[1], shape[2], 1};
    int axis = file.constant(name + "/axis", new int[] {1}, 3);
    int mean = mean(name + "/mean", source, axis, position);
    int centered = file.value(name + "/centered", shape);
    int options = SubOptions.createSubOptions(builder, NO_ACTIVATION, false);
    int[] difference = {source, mean};
    file.operator(BuiltinOperator.SUB, 1, difference, centered, BuiltinOptions.SubOptions, options);
    int squares = file.value(name + "/squares", shape);
    multiply(centered, centered, squares, NO_ACTIVATION);
    int variance = mean(name + "/variance", squares, axis, position);
    int positive = file.value(name + "/positive", position);
    int constant = file.constant(name + "/epsilon", Tensor.vector(epsilon));
    add(variance, constant, positive, NO_ACTIVATION);
    int factor = file.value(name + "/factor", position);
    unary(BuiltinOperator.RSQRT, positive, factor);
    int normal = file.value(name + "/normal", shape);
    multiply(centered, factor, normal, NO_ACTIVATION);
    int scaled = file.value(name + "/scaled", shape);
    multiply(normal, file.constant(name + "/gamma", scale), scaled, NO_ACTIVATION);
    add(scaled, file.constant(name + "/beta", bias), target, NO_ACTIVATION);
  }

  private int mean(String name, int source, int axis, int[] shape) {
    int mean = file.value(name, shape);
    int options = ReducerOptions.createReducerOptions(builder, true);
    int[] inputs = {source, axis};
    file.operator(BuiltinOperator.MEAN, 1, inputs, mean, BuiltinOptions.ReducerOptions, options);
    return mean;
  }
}

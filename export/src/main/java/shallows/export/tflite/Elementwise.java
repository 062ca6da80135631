package shallows.export.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import java.util.Arrays;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.AddOptions;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.DivOptions;
import org.tensorflow.lite.schema.GeluOptions;
import org.tensorflow.lite.schema.HardSwishOptions;
import org.tensorflow.lite.schema.LeakyReluOptions;
import org.tensorflow.lite.schema.MaximumMinimumOptions;
import org.tensorflow.lite.schema.MulOptions;
import org.tensorflow.lite.schema.SubOptions;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** Operators that compute each element by itself. */
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
    int raised = both ? file.value(name + "/raised", shape) : target;
    if (!Float.isInfinite(clip.low())) {
      int low = file.constant(name + "/low", bound(clip.low(), shape, excludesZero));
      bound(BuiltinOperator.MAXIMUM, source, low, raised);
    }
    if (!Float.isInfinite(clip.high())) {
      int high = file.constant(name + "/high", bound(clip.high(), shape, excludesZero));
      bound(BuiltinOperator.MINIMUM, both ? raised : source, high, target);
    }
  }

  /**
   * One number, or as many as there are along the last axes: XNNPACK fuses the former into what is
   * before, and refuses it there where 0 is beyond the bounds.
   */
  private static Tensor bound(float bound, int[] shape, boolean each) {
    int axis = shape.length - 1;
    while (axis > 0 && shape[axis] == 1) {
      axis--;
    }
    Shape extents = each ? Shape.of(Arrays.copyOfRange(shape, axis, shape.length)) : Shape.of(1);
    float[] values = new float[extents.size()];
    Arrays.fill(values, bound);
    return new Tensor(extents, values);
  }

  void subtract(int first, int second, int target) {
    int options = SubOptions.createSubOptions(builder, NO_ACTIVATION, false);
    int[] inputs = {first, second};
    file.operator(BuiltinOperator.SUB, 1, inputs, target, BuiltinOptions.SubOptions, options);
  }

  void divide(int first, int second, int target) {
    int options = DivOptions.createDivOptions(builder, NO_ACTIVATION);
    int[] inputs = {first, second};
    file.operator(BuiltinOperator.DIV, 1, inputs, target, BuiltinOptions.DivOptions, options);
  }

  void binary(Operation.Function function, int first, int second, int target) {
    switch (function) {
      case ADD -> add(first, second, target, NO_ACTIVATION);
      case SUBTRACT -> subtract(first, second, target);
      case MULTIPLY -> multiply(first, second, target, NO_ACTIVATION);
      case DIVIDE -> divide(first, second, target);
      case MINIMUM -> bound(BuiltinOperator.MINIMUM, first, second, target);
      case MAXIMUM -> bound(BuiltinOperator.MAXIMUM, first, second, target);
      case PRELU -> file.operator(BuiltinOperator.PRELU, 1, new int[] {first, second}, target);
    }
  }

  /**
   * x to a power, of floats.
   *
   * @param name of the node, for constants
   */
  void power(String name, int source, int target, float exponent) {
    if (exponent == 2) {
      multiply(source, source, target, NO_ACTIVATION);
    } else if (exponent == 0.5f || exponent == -0.5f) {
      unary(exponent > 0 ? BuiltinOperator.SQRT : BuiltinOperator.RSQRT, source, target);
    } else if (exponent == -1) {
      divide(file.constant(name + "/one", Tensor.vector(1)), source, target);
    } else {
      int power = file.constant(name + "/exponent", Tensor.vector(exponent));
      file.operator(BuiltinOperator.POW, 1, new int[] {source, power}, target);
    }
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
      case TANH -> unary(BuiltinOperator.TANH, source, target);
      case ELU -> unary(BuiltinOperator.ELU, source, target);
      case EXP -> unary(BuiltinOperator.EXP, source, target);
      case LOG -> unary(BuiltinOperator.LOG, source, target);
      case ABS -> unary(BuiltinOperator.ABS, source, target);
      case SOFTPLUS -> softplus(name, source, target, shape);
      case GELU, GELU_TANH -> {
        int options = GeluOptions.createGeluOptions(builder, curve == Operation.Curve.GELU_TANH);
        int[] inputs = {source};
        file.operator(BuiltinOperator.GELU, 1, inputs, target, BuiltinOptions.GeluOptions, options);
      }
    }
  }

  /** max(x, 0) + log(1 + exp(−|x|)), in which nothing grows beyond bounds. */
  private void softplus(String name, int source, int target, int[] shape) {
    int size = file.value(name + "/size", shape);
    unary(BuiltinOperator.ABS, source, size);
    int negative = file.value(name + "/negative", shape);
    unary(BuiltinOperator.NEG, size, negative);
    int small = file.value(name + "/small", shape);
    unary(BuiltinOperator.EXP, negative, small);
    int moved = file.value(name + "/moved", shape);
    add(small, file.constant(name + "/one", Tensor.vector(1)), moved, NO_ACTIVATION);
    int rest = file.value(name + "/rest", shape);
    unary(BuiltinOperator.LOG, moved, rest);
    int positive = file.value(name + "/positive", shape);
    unary(BuiltinOperator.RELU, source, positive);
    add(positive, rest, target, NO_ACTIVATION);
  }

  /** min(max(x + 3, 0), 6) / 6. */
  private void hardSigmoid(String name, int source, int target, int[] shape) {
    int moved = file.value(name + "/moved", shape);
    int three = file.constant(name + "/three", Tensor.vector(3));
    add(source, three, moved, ActivationFunctionType.RELU6);
    int sixth = file.constant(name + "/sixth", Tensor.vector(1f / 6));
    multiply(moved, sixth, target, NO_ACTIVATION);
  }
}

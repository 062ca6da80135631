package shallows.export.inspect;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.tensorflow.lite.schema.BatchMatMulOptions;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.ConcatenationOptions;
import org.tensorflow.lite.schema.Conv2DOptions;
import org.tensorflow.lite.schema.DepthwiseConv2DOptions;
import org.tensorflow.lite.schema.GatherOptions;
import org.tensorflow.lite.schema.Operator;
import org.tensorflow.lite.schema.Padding;
import org.tensorflow.lite.schema.Pool2DOptions;
import org.tensorflow.lite.schema.ReducerOptions;

/**
 * The shapes that operators compute, for those operators that the writer here makes use of. A
 * method for each kind of them, so it is as long as the list.
 */
final class TfliteShapes {
  private static final int LARGEST_SMALL_WINDOW = 15;

  private final IntFunction<int[]> shapes;
  private final IntFunction<int[]> integers;
  private Operator operator;

  /**
   * @param shapes of tensors by index
   * @param integers of constants by index
   */
  TfliteShapes(IntFunction<int[]> shapes, IntFunction<int[]> integers) {
    this.shapes = shapes;
    this.integers = integers;
  }

  /**
   * The shape of the operator's output, or null where the operator is not known here.
   *
   * @param code of {@link BuiltinOperator}
   * @throws IndexOutOfBoundsException when the operator lacks inputs or axes
   * @throws ArithmeticException when a shape is not computable
   */
  int[] computed(int code, Operator described) {
    this.operator = described;
    return switch (code) {
      case BuiltinOperator.CONV_2D -> convolution();
      case BuiltinOperator.DEPTHWISE_CONV_2D -> depthwise();
      case BuiltinOperator.MAX_POOL_2D, BuiltinOperator.AVERAGE_POOL_2D -> pool();
      case BuiltinOperator.PAD, BuiltinOperator.PADV2, BuiltinOperator.MIRROR_PAD -> padded();
      case BuiltinOperator.MEAN, BuiltinOperator.REDUCE_MAX -> reduced();
      case BuiltinOperator.RESIZE_BILINEAR, BuiltinOperator.RESIZE_NEAREST_NEIGHBOR -> resized();
      case BuiltinOperator.ADD,
          BuiltinOperator.MUL,
          BuiltinOperator.SUB,
          BuiltinOperator.DIV,
          BuiltinOperator.POW,
          BuiltinOperator.PRELU,
          BuiltinOperator.MAXIMUM,
          BuiltinOperator.MINIMUM ->
          broadcast();
      case BuiltinOperator.RELU,
          BuiltinOperator.RELU6,
          BuiltinOperator.RELU_N1_TO_1,
          BuiltinOperator.LEAKY_RELU,
          BuiltinOperator.LOGISTIC,
          BuiltinOperator.HARD_SWISH,
          BuiltinOperator.GELU,
          BuiltinOperator.RSQRT,
          BuiltinOperator.SQRT,
          BuiltinOperator.TANH,
          BuiltinOperator.ELU,
          BuiltinOperator.EXP,
          BuiltinOperator.LOG,
          BuiltinOperator.ABS,
          BuiltinOperator.NEG,
          BuiltinOperator.LOCAL_RESPONSE_NORMALIZATION,
          BuiltinOperator.SOFTMAX,
          BuiltinOperator.CAST,
          BuiltinOperator.QUANTIZE,
          BuiltinOperator.DEQUANTIZE ->
          input(0);
      case BuiltinOperator.CONCATENATION -> concatenated();
      case BuiltinOperator.SLICE -> sliced();
      case BuiltinOperator.GATHER -> gathered();
      case BuiltinOperator.TRANSPOSE -> transposed();
      case BuiltinOperator.RESHAPE -> reshaped();
      case BuiltinOperator.FULLY_CONNECTED -> product();
      case BuiltinOperator.BATCH_MATMUL -> products();
      default -> null;
    };
  }

  private int[] convolution() {
    Conv2DOptions options = new Conv2DOptions();
    requireOptions(BuiltinOptions.Conv2DOptions, operator.builtinOptions(options) != null);
    int[] image = input(0);
    int[] filter = input(1);
    require(image[3] % filter[3] == 0 && input(2)[0] == filter[0]);
    int height =
        positions(
            options.padding(), image[1], filter[1], options.strideH(), options.dilationHFactor());
    int width =
        positions(
            options.padding(), image[2], filter[2], options.strideW(), options.dilationWFactor());
    return new int[] {image[0], height, width, filter[0]};
  }

  private int[] depthwise() {
    DepthwiseConv2DOptions options = new DepthwiseConv2DOptions();
    requireOptions(BuiltinOptions.DepthwiseConv2DOptions, operator.builtinOptions(options) != null);
    int[] image = input(0);
    int[] filter = input(1);
    require(filter[0] == 1 && filter[3] % image[3] == 0 && input(2)[0] == filter[3]);
    require(options.depthMultiplier() == filter[3] / image[3]);
    int height =
        positions(
            options.padding(), image[1], filter[1], options.strideH(), options.dilationHFactor());
    int width =
        positions(
            options.padding(), image[2], filter[2], options.strideW(), options.dilationWFactor());
    return new int[] {image[0], height, width, filter[3]};
  }

  private int[] pool() {
    Pool2DOptions options = new Pool2DOptions();
    requireOptions(BuiltinOptions.Pool2DOptions, operator.builtinOptions(options) != null);
    int[] image = input(0);
    int height =
        positions(options.padding(), image[1], options.filterHeight(), options.strideH(), 1);
    int width = positions(options.padding(), image[2], options.filterWidth(), options.strideW(), 1);
    return new int[] {image[0], height, width, image[3]};
  }

  private static int positions(byte padding, int size, int kernel, int stride, int dilation) {
    require(kernel >= 1 && stride >= 1 && dilation >= 1);
    long window = (long) dilation * (kernel - 1) + 1;
    if (padding == Padding.SAME) {
      // A window that is far larger than the image would be padding above all; but windows of 7 do
      // meet images of 1 or 2.
      require(window <= Math.max(2L * size + 1, LARGEST_SMALL_WINDOW));
      return (size + stride - 1) / stride;
    }
    require(padding == Padding.VALID && window <= size);
    return (int) ((size - window) / stride) + 1;
  }

  private int[] concatenated() {
    ConcatenationOptions options = new ConcatenationOptions();
    requireOptions(BuiltinOptions.ConcatenationOptions, operator.builtinOptions(options) != null);
    int[] all = input(0).clone();
    int axis = options.axis();
    require(axis >= 0 && axis < all.length);
    for (int i = 1; i < operator.inputsLength(); i++) {
      int[] next = input(i).clone();
      require(next.length == all.length);
      int behind = Math.addExact(all[axis], next[axis]);
      next[axis] = all[axis];
      require(Arrays.equals(next, all));
      all[axis] = behind;
    }
    return all;
  }

  private int[] sliced() {
    int[] shape = input(0).clone();
    int[] begin = constant(1);
    int[] size = constant(2);
    require(begin.length == shape.length && size.length == shape.length);
    for (int axis = 0; axis < shape.length; axis++) {
      int wanted = size[axis] == -1 ? shape[axis] - begin[axis] : size[axis];
      require(begin[axis] >= 0 && wanted >= 1 && wanted <= shape[axis] - begin[axis]);
      shape[axis] = wanted;
    }
    return shape;
  }

  private int[] padded() {
    int[] shape = input(0);
    int[] amounts = constant(1);
    require(amounts.length == 2 * shape.length);
    for (int axis = 0; axis < shape.length; axis++) {
      require(amounts[2 * axis] >= 0 && amounts[2 * axis + 1] >= 0);
      int amount = Math.addExact(amounts[2 * axis], amounts[2 * axis + 1]);
      shape[axis] = Math.addExact(shape[axis], amount);
    }
    return shape;
  }

  private int[] reduced() {
    ReducerOptions options = new ReducerOptions();
    requireOptions(BuiltinOptions.ReducerOptions, operator.builtinOptions(options) != null);
    if (!options.keepDims()) {
      return null;
    }
    int[] shape = input(0);
    for (int axis : constant(1)) {
      shape[axis < 0 ? axis + shape.length : axis] = 1;
    }
    return shape;
  }

  private int[] resized() {
    int[] shape = input(0);
    int[] size = constant(1);
    require(shape.length == 4 && size.length == 2);
    return new int[] {shape[0], size[0], size[1], shape[3]};
  }

  private int[] broadcast() {
    int[] first = input(0);
    int[] second = input(1);
    int[] shape = new int[Math.max(first.length, second.length)];
    for (int back = 1; back <= shape.length; back++) {
      int a = back <= first.length ? first[first.length - back] : 1;
      int b = back <= second.length ? second[second.length - back] : 1;
      require(a == b || a == 1 || b == 1);
      shape[shape.length - back] = Math.max(a, b);
    }
    return shape;
  }

  private int[] gathered() {
    GatherOptions options = new GatherOptions();
    requireOptions(BuiltinOptions.GatherOptions, operator.builtinOptions(options) != null);
    int[] shape = input(0);
    int[] indices = input(1);
    int axis = options.axis();
    if (axis < 0 || options.batchDims() != 0 || indices.length != 1) {
      return null;
    }
    require(axis < shape.length);
    shape[axis] = indices[0];
    return shape;
  }

  private int[] transposed() {
    int[] shape = input(0);
    int[] order = constant(1);
    require(
        order.length == shape.length && Arrays.stream(order).distinct().count() == order.length);
    return Arrays.stream(order).map(axis -> shape[axis]).toArray();
  }

  private int[] reshaped() {
    int[] declared = shapes.apply(operator.outputs(0));
    int[] asked = operator.inputsLength() > 1 ? constant(1) : declared;
    require(asked.length == declared.length && size(declared) == size(input(0)));
    int[] shape = asked.clone();
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = asked[axis] == -1 ? declared[axis] : asked[axis];
    }
    return shape;
  }

  private int[] product() {
    int[] weight = input(1);
    long values = size(input(0));
    require(weight.length == 2 && values % weight[1] == 0);
    return new int[] {(int) (values / weight[1]), weight[0]};
  }

  /** Of matrices that are the last two axes. */
  private int[] products() {
    BatchMatMulOptions options = new BatchMatMulOptions();
    requireOptions(BuiltinOptions.BatchMatMulOptions, operator.builtinOptions(options) != null);
    int[] first = input(0);
    int[] second = input(1);
    int last = first.length - 1;
    require(last >= 1 && second.length == first.length && !options.adjX() && !options.adjY());
    require(first[last] == second[last - 1]);
    for (int axis = 0; axis < last - 1; axis++) {
      require(first[axis] == second[axis]);
    }
    first[last] = second[last];
    return first;
  }

  private static long size(int[] shape) {
    return Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
  }

  private int[] input(int index) {
    return shapes.apply(tensor(index)).clone();
  }

  private int[] constant(int index) {
    return integers.apply(tensor(index));
  }

  /** Behind the last input of an operator, a flatbuffer goes on with something else. */
  private int tensor(int index) {
    require(index < operator.inputsLength() && operator.inputs(index) >= 0);
    return operator.inputs(index);
  }

  private void requireOptions(byte type, boolean present) {
    require(present && operator.builtinOptionsType() == type);
  }

  private static void require(boolean fits) {
    if (!fits) {
      throw new ArithmeticException("an operator does not fit its inputs");
    }
  }
}

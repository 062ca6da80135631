package shallows.model.graph;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a node computes. The interface is sealed and visited, so that a new operation fails to
 * compile in every reader, writer and runner that does not know it yet. All of them stand in this
 * one file, however long it gets: it is the list of what a network may compute.
 *
 * <p>Shapes below leave the batch axis out. Inputs that are parameters are marked so.
 */
public sealed interface Operation {
  /** Calls the method of {@code visitor} that belongs to this operation. */
  <R> R accept(Visitor<R> visitor);

  /** The operation's name in messages and listings, the one that ONNX uses where it has one. */
  default String label() {
    return getClass().getSimpleName();
  }

  /**
   * Whether each number of the result is one of those that go in, or 0: such operations move and
   * select, and compute with integers as they do with floats.
   */
  default boolean moves() {
    return this instanceof Relu
        || this instanceof MaxPool
        || this instanceof Concat
        || this instanceof PadChannels
        || this instanceof PadImage
        || this instanceof CropImage
        || this instanceof SelectPixels
        || this instanceof SliceChannels
        || this instanceof ChannelShuffle
        || this instanceof Rearrange
        || this instanceof Flatten
        || this instanceof Unflatten;
  }

  /** Whether it is a layer, a convolution or a matrix, whose second input is its weight. */
  default boolean weighs() {
    return this instanceof Conv2d || this instanceof Linear;
  }

  /**
   * A convolution without flipping, as in every deep-learning framework. Inputs: x {@code (C, H,
   * W)}; parameters weight {@code (O, C / groups, kH, kW)} and, if there is a third, bias {@code
   * (O)}. Output {@code (O, H', W')} with H' = ⌊(H + 2·padding − dilation·(kH − 1) − 1) / stride⌋ +
   * 1.
   *
   * @param padding zeros on each of both sides
   * @param groups a divisor of C and O; C for a depthwise convolution
   * @param precision {@link Precision#BINARY} computes with {@link BinaryWeights#project}ed weights
   */
  record Conv2d(Extent stride, Extent padding, Extent dilation, int groups, Precision precision)
      implements Operation {
    public Conv2d {
      requirePositive("stride", stride);
      requirePositive("dilation", dilation);
      if (groups < 1) {
        throw new IllegalArgumentException("groups must be at least 1, found " + groups);
      }
    }

    /** Square stride and padding, no dilation, one group, floating point. */
    public static Conv2d of(int stride, int padding) {
      return new Conv2d(
          Extent.square(stride), Extent.square(padding), Extent.ONE, 1, Precision.FLOAT);
    }

    public Conv2d withPrecision(Precision other) {
      return new Conv2d(stride, padding, dilation, groups, other);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.conv2d(this);
    }
  }

  /**
   * y = γ·(x − μ) / √(σ² + ε) + β for each channel. Inputs: x {@code (C, H, W)}; parameters γ
   * (scale), β (bias), μ (mean) and σ² (variance), each {@code (C)}. Here μ and σ² are the stored
   * statistics; training replaces them with those of the batch.
   *
   * @param epsilon ε, positive
   */
  record BatchNorm(float epsilon) implements Operation {
    public BatchNorm {
      if (!(epsilon > 0)) {
        throw new IllegalArgumentException("epsilon must be positive, found " + epsilon);
      }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.batchNorm(this);
    }
  }

  /** max(x, 0) of any shape. */
  record Relu() implements Operation {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.relu(this);
    }
  }

  /**
   * min(max(x, low), high) of any shape; ReLU6 is a clip to [0, 6].
   *
   * @param low less than {@code high}; may be −∞
   * @param high may be ∞
   */
  record Clip(float low, float high) implements Operation {
    /** ReLU6 (Howard et al. 2017, "MobileNets"). */
    public static final Clip RELU6 = new Clip(0, 6);

    public Clip {
      if (!(low < high)) {
        throw new IllegalArgumentException(
            "a clip goes from low to high, found " + low + " " + high);
      }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.clip(this);
    }
  }

  /** x where it is positive, slope·x elsewhere, of any shape. */
  record LeakyRelu(float slope) implements Operation {
    public LeakyRelu {
      if (!Float.isFinite(slope)) {
        throw new IllegalArgumentException("slope must be finite, found " + slope);
      }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.leakyRelu(this);
    }
  }

  /** A fixed curve, applied to each element of any shape. */
  record Activation(Curve curve) implements Operation {
    @Override
    public String label() {
      return curve.label();
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.activation(this);
    }
  }

  /** The curves that need no number of their own. */
  enum Curve {
    /** 1 / (1 + e⁻ˣ). */
    SIGMOID("Sigmoid"),
    /** min(max(x + 3, 0), 6) / 6 (Howard et al. 2019, "Searching for MobileNetV3"). */
    HARD_SIGMOID("HardSigmoid"),
    /** x·min(max(x + 3, 0), 6) / 6 (the same paper). */
    HARD_SWISH("HardSwish"),
    /**
     * x·Φ(x) = x·(1 + erf(x / √2)) / 2 (Hendrycks and Gimpel 2016), not its approximation by tanh.
     */
    GELU("Gelu"),
    /** x·(1 + tanh(√(2/π)·(x + 0.044715·x³))) / 2 (the same paper). */
    GELU_TANH("Gelu by Tanh"),
    /** (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ). */
    TANH("Tanh"),
    /** x where it is positive, eˣ − 1 elsewhere (Clevert et al. 2015). */
    ELU("Elu"),
    /** log(1 + eˣ). */
    SOFTPLUS("Softplus"),
    /** eˣ. */
    EXP("Exp"),
    /** The natural logarithm; x is positive. */
    LOG("Log"),
    /** |x|. */
    ABS("Abs");

    private final String label;

    Curve(String label) {
      this.label = label;
    }

    /** The name that ONNX has for it, or its approximation. */
    public String label() {
      return label;
    }
  }

  /**
   * x to a fixed power, of any shape; x is not negative unless the exponent is a whole number, and
   * not 0 where it is negative.
   *
   * @param exponent finite and not 0
   */
  record Power(float exponent) implements Operation {
    public Power {
      if (!Float.isFinite(exponent) || exponent == 0) {
        throw new IllegalArgumentException("exponent must be finite, found " + exponent);
      }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.power(this);
    }
  }

  /**
   * Two numbers at each position. Inputs: x of any shape; and a value or a parameter y with as many
   * axes. Where one has extent 1 along an axis, it counts at every position of the other.
   */
  record Binary(Function function) implements Operation {
    @Override
    public String label() {
      return function.label();
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.binary(this);
    }
  }

  /** What {@link Binary} computes. */
  enum Function {
    /** x + y; of two values of one shape it is an {@link Operation.Add}. */
    ADD("Add"),
    /** x − y. */
    SUBTRACT("Sub"),
    /** x·y; where y is as {@link Operation.Multiply} takes it, it is that. */
    MULTIPLY("Mul"),
    /** x / y. */
    DIVIDE("Div"),
    /** The smaller one. */
    MINIMUM("Min"),
    /** The larger one. */
    MAXIMUM("Max"),
    /** x where it is positive, y·x elsewhere (He et al. 2015); no extent of x is 1 for y's sake. */
    PRELU("PRelu");

    private final String label;

    Function(String label) {
      this.label = label;
    }

    /** The name that ONNX has for it. */
    public String label() {
      return label;
    }
  }

  /** The sum of two inputs of one shape. */
  record Add() implements Operation {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.add(this);
    }
  }

  /**
   * The product of two values, element by element. Inputs: x of any shape, and a second of the same
   * shape or, where x is an image {@code (C, H, W)}, of {@code (C, 1, 1)}, which counts at every
   * position.
   */
  record Multiply() implements Operation {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.multiply(this);
    }
  }

  /**
   * Two or more images of one size, or vectors, one behind the other: {@code (C1, H, W), (C2, H,
   * W), …} to {@code (C1 + C2 + …, H, W)}.
   */
  record Concat() implements Operation {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.concat(this);
    }
  }

  /**
   * factor·x of any shape. At the end of a residual branch the factor is the block's survival
   * probability: the test-time rule of Huang et al. 2016, equation 5.
   */
  record Scale(float factor) implements Operation {
    public Scale {
      if (!Float.isFinite(factor)) {
        throw new IllegalArgumentException("factor must be finite, found " + factor);
      }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.scale(this);
    }
  }

  /**
   * The identity of any shape; in training each value is 0 with probability {@code rate} and else
   * counts 1 / (1 − rate) times (Srivastava et al. 2014).
   *
   * @param rate in [0, 1)
   */
  record Dropout(float rate) implements Operation {
    public Dropout {
      if (!(rate >= 0 && rate < 1)) {
        throw new IllegalArgumentException("rate must lie in [0, 1), found " + rate);
      }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.dropout(this);
    }
  }

  /**
   * The largest value below each position of the kernel; padding never wins. Output as that of a
   * convolution.
   *
   * @param ceil whether a last window that begins in the image, or in the padding before it, but
   *     ends beyond the padding behind it counts: H' = ⌈…⌉ + 1 instead of ⌊…⌋ + 1
   */
  record MaxPool(Extent kernel, Extent stride, Extent padding, boolean ceil) implements Operation {
    public MaxPool {
      requirePool(kernel, stride, padding);
    }

    /** With whole windows only. */
    public MaxPool(Extent kernel, Extent stride, Extent padding) {
      this(kernel, stride, padding, false);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.maxPool(this);
    }
  }

  /**
   * The mean below each position of the kernel. With a kernel of 1x1 it subsamples, which is how
   * the option-A shortcut of He et al. 2016 halves an image.
   *
   * @param ceil as of {@link MaxPool}; what lies beyond the padding never counts
   * @param countsPadding whether padding counts as zeros (PyTorch's default) or not at all; false
   *     where there is none, and beside {@code ceil}, as runtimes do not agree on that: a {@link
   *     PadImage} before it says the same
   */
  record AveragePool(
      Extent kernel, Extent stride, Extent padding, boolean ceil, boolean countsPadding)
      implements Operation {
    public AveragePool {
      requirePool(kernel, stride, padding);
      countsPadding = countsPadding && !padding.equals(Extent.ZERO);
      if (ceil && countsPadding) {
        throw new IllegalArgumentException(
            "padding " + padding + " cannot count beside windows that reach beyond it");
      }
    }

    /** With whole windows only, over padding that counts. */
    public AveragePool(Extent kernel, Extent stride, Extent padding) {
      this(kernel, stride, padding, false, true);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.averagePool(this);
    }
  }

  /** The mean of each channel: {@code (C, H, W)} to {@code (C, 1, 1)}. */
  record GlobalAveragePool() implements Operation {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.globalAveragePool(this);
    }
  }

  /** One axis of an image {@code (C, H, W)}, in this order. */
  enum Axis {
    CHANNELS,
    ROWS,
    COLUMNS
  }

  /**
   * One number for all along some axes of an image, which keep an extent of 1.
   *
   * @param axes at least one
   */
  record Reduce(Statistic statistic, Set<Axis> axes) implements Operation {
    public Reduce {
      // In the order of the axes, so that what is written is the same every time.
      axes = Collections.unmodifiableSet(EnumSet.copyOf(axes));
    }

    @Override
    public String label() {
      return statistic == Statistic.MEAN ? "ReduceMean" : "ReduceMax";
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.reduce(this);
    }
  }

  /** What {@link Reduce} computes. */
  enum Statistic {
    MEAN,
    MAXIMUM
  }

  /**
   * Adds channels of zeros: {@code (C, H, W)} to {@code (before + C + after, H, W)}.
   *
   * @param before channels in front, at least 0
   * @param after channels behind, at least 0
   */
  record PadChannels(int before, int after) implements Operation {
    public PadChannels {
      if (before < 0 || after < 0) {
        throw new IllegalArgumentException(
            "channels to add must not be negative, found " + before + " and " + after);
      }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.padChannels(this);
    }
  }

  /** What {@link PadImage} puts around an image. */
  enum Border {
    ZEROS,
    /** What is as far inside of the first or last row or column; the padding is smaller. */
    REFLECTION,
    /** The first or last row or column again. */
    EDGE;

    /**
     * Which row or column of the image stands at an index that may lie beyond it; −1 for zeros.
     *
     * @param size of the image
     */
    public int source(int index, int size) {
      int last = size - 1;
      return switch (this) {
        case ZEROS -> index > last ? -1 : Math.max(-1, index);
        case EDGE -> Math.max(0, Math.min(last, index));
        case REFLECTION -> last - Math.abs(last - Math.abs(index));
      };
    }
  }

  /** Adds rows and columns around an image, each at least 0. */
  record PadImage(int top, int left, int bottom, int right, Border border) implements Operation {
    /** Zeros. */
    public PadImage(int top, int left, int bottom, int right) {
      this(top, left, bottom, right, Border.ZEROS);
    }

    public PadImage {
      if (top < 0 || left < 0 || bottom < 0 || right < 0) {
        throw new IllegalArgumentException(
            "rows and columns to add must not be negative, found "
                + List.of(top, left, bottom, right));
      }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.padImage(this);
    }
  }

  /**
   * A part of an image.
   *
   * @param top rows before it, at least 0
   * @param left columns before it, at least 0
   * @param size of the part
   */
  record CropImage(int top, int left, Extent size) implements Operation {
    public CropImage {
      requirePositive("the part", size);
      if (top < 0 || left < 0) {
        throw new IllegalArgumentException(
            "rows and columns to skip must not be negative, found " + top + " and " + left);
      }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.cropImage(this);
    }
  }

  /**
   * Some rows and columns of an image, in any order and as often as they are named: {@code (C, H,
   * W)} to {@code (C, rows, columns)}; value (c, i, j) is (c, rows[i], columns[j]).
   *
   * <p>Before a {@link MaxPool} of 2x2 pixels and stride 2, with first and last of each region
   * named, it is fractional max-pooling ({@link PoolingRegions}). Training then draws regions anew
   * in every step; what is exported has those that are here.
   *
   * @param rows at least one, each from 0 to H − 1
   * @param columns at least one, each from 0 to W − 1
   * @param regions how training draws rows and columns; unless these are fixed, they are first and
   *     last of regions
   */
  record SelectPixels(List<Integer> rows, List<Integer> columns, PoolingRegions regions)
      implements Operation {
    public SelectPixels {
      rows = List.copyOf(rows);
      columns = List.copyOf(columns);
      if (rows.isEmpty() || columns.isEmpty()) {
        throw new IllegalArgumentException("at least one row and one column, found none");
      }
      if (regions != PoolingRegions.FIXED
          && !(PoolingRegions.areRegions(rows) && PoolingRegions.areRegions(columns))) {
        throw new IllegalArgumentException(
            "rows and columns must be first and last of regions, found " + rows + " " + columns);
      }
    }

    /**
     * With other regions of as many rows and columns.
     *
     * @param seed of all nodes
     * @param node whose draw it is
     */
    public SelectPixels redrawn(long seed, String node) {
      return new SelectPixels(
          regions.redrawn(rows, seed, node + "/rows"),
          regions.redrawn(columns, seed, node + "/columns"),
          regions);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.selectPixels(this);
    }
  }

  /**
   * An image of another size, each number a mean of at most four of the old ones: {@code (C, H, W)}
   * to {@code (C, H', W')}.
   *
   * @param mode how pixels are found, see {@link Resampling}
   */
  record Resize(Extent size, Resampling mode) implements Operation {
    public Resize {
      requirePositive("the new size", size);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.resize(this);
    }
  }

  /**
   * Some of the channels: {@code (C, H, W)} to {@code (to − from, H, W)}, or of a vector.
   *
   * @param from the first
   * @param to behind the last
   */
  record SliceChannels(int from, int to) implements Operation {
    public SliceChannels {
      if (from < 0 || to <= from) {
        throw new IllegalArgumentException(
            "a slice has at least one channel, found " + from + " to " + to);
      }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.sliceChannels(this);
    }
  }

  /**
   * Deals out the channels of an image: of C channels in g groups, channel i·g + j of the result is
   * channel j·C/g + i (Zhang et al. 2018, "ShuffleNet").
   *
   * @param groups g, a divisor of C
   */
  record ChannelShuffle(int groups) implements Operation {
    public ChannelShuffle {
      if (groups < 1) {
        throw new IllegalArgumentException("groups must be at least 1, found " + groups);
      }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.channelShuffle(this);
    }
  }

  /**
   * The same numbers in another order and shape: the value, its last axis running fastest, has the
   * extents {@code split}; these axes are put in another order, and what comes out, its last axis
   * running fastest again, is the result.
   *
   * @param split extents whose product is the number of values
   * @param order for each axis the one of {@code split} that comes there
   * @param result {@code (C, H, W)} or {@code (F)}
   */
  record Rearrange(List<Integer> split, List<Integer> order, Shape result) implements Operation {
    public Rearrange {
      split = List.copyOf(split);
      order = List.copyOf(order);
      if (!order.stream()
              .sorted()
              .toList()
              .equals(IntStream.range(0, split.size()).boxed().toList())
          || new Shape(split).size() != result.size()) {
        throw new IllegalArgumentException(
            "an order of axes " + split + " for " + result + ", found " + order);
      }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.rearrange(this);
    }
  }

  /**
   * y = (x − μ) / √(σ² + ε) with μ and σ² over all numbers of a group of neighbouring channels (Wu
   * and He 2018). With one group it is layer norm over the whole image, with C groups instance norm
   * (Ulyanov et al. 2016). A convolution behind it has γ and β.
   *
   * @param groups a divisor of C
   * @param epsilon ε, positive
   */
  record GroupNorm(int groups, float epsilon) implements Operation {
    public GroupNorm {
      if (groups < 1 || !(epsilon > 0)) {
        throw new IllegalArgumentException(
            "groups and epsilon must be positive, found " + groups + " and " + epsilon);
      }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.groupNorm(this);
    }
  }

  /**
   * y = x / (k + α/n·Σ x²)^β, the sum over n channels, the own in their middle (Krizhevsky et al.
   * 2012). Channels that are not there count as 0.
   *
   * @param size n, odd
   */
  record LocalResponseNorm(int size, float alpha, float beta, float bias) implements Operation {
    public LocalResponseNorm {
      if (size < 1 || size % 2 == 0) {
        throw new IllegalArgumentException("size must be odd, found " + size);
      }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.localResponseNorm(this);
    }
  }

  /**
   * Layer norm over the channels of each position: y = γ·(x − μ) / √(σ² + ε) + β with μ and σ² over
   * the C values of the position (Ba et al. 2016; in ConvNeXt, Liu et al. 2022). Inputs: x {@code
   * (C, H, W)}; parameters γ and β, each {@code (C)}.
   *
   * @param epsilon ε, positive
   */
  record ChannelNorm(float epsilon) implements Operation {
    public ChannelNorm {
      if (!(epsilon > 0)) {
        throw new IllegalArgumentException("epsilon must be positive, found " + epsilon);
      }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.channelNorm(this);
    }
  }

  /**
   * Attention with several heads (Vaswani et al. 2017) along each row of an image whose columns are
   * tokens, and whose rows are the windows that attend to themselves only (Liu et al. 2021,
   * "Swin"). Inputs: queries {@code (g·d, R, L)}, keys {@code (g·d, R, M)}, values {@code (g·e, R,
   * M)}; and parameters, as many as there are, each {@code (g or 1, R or 1, L, M)}. Output {@code
   * (g·e, R, L)}: of each head and row W·v with W = softmax(scale·q·kᵀ + Σ parameters), the softmax
   * over the M keys.
   *
   * @param heads g; those of a head are neighbouring channels
   * @param scale finite
   * @param softmax without it W is the sum itself, as in non-local blocks by dot products (Wang et
   *     al. 2018)
   */
  record Attention(int heads, float scale, boolean softmax) implements Operation {
    public Attention {
      if (heads < 1 || !Float.isFinite(scale)) {
        throw new IllegalArgumentException(
            "heads must be positive and their scale finite, found " + heads + " and " + scale);
      }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.attention(this);
    }
  }

  /** A vector {@code (F)} as an image of one pixel, {@code (F, 1, 1)}. */
  record Unflatten() implements Operation {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.unflatten(this);
    }
  }

  /** {@code (C, H, W)} to {@code (C·H·W)}, channels outermost. */
  record Flatten() implements Operation {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.flatten(this);
    }
  }

  /**
   * W·x + b. Inputs: x {@code (F)}; parameters W {@code (O, F)} and, if there is a third, b {@code
   * (O)}.
   */
  record Linear() implements Operation {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.linear(this);
    }
  }

  /**
   * One method an operation.
   *
   * @param <R> what visiting returns
   */
  interface Visitor<R> {
    R conv2d(Conv2d operation);

    R batchNorm(BatchNorm operation);

    R relu(Relu operation);

    R clip(Clip operation);

    R leakyRelu(LeakyRelu operation);

    R activation(Activation operation);

    R power(Power operation);

    R binary(Binary operation);

    R add(Add operation);

    R multiply(Multiply operation);

    R concat(Concat operation);

    R scale(Scale operation);

    R dropout(Dropout operation);

    R maxPool(MaxPool operation);

    R averagePool(AveragePool operation);

    R globalAveragePool(GlobalAveragePool operation);

    R reduce(Reduce operation);

    R padChannels(PadChannels operation);

    R padImage(PadImage operation);

    R cropImage(CropImage operation);

    R selectPixels(SelectPixels operation);

    R resize(Resize operation);

    R sliceChannels(SliceChannels operation);

    R channelShuffle(ChannelShuffle operation);

    R rearrange(Rearrange operation);

    R groupNorm(GroupNorm operation);

    R localResponseNorm(LocalResponseNorm operation);

    R channelNorm(ChannelNorm operation);

    R attention(Attention operation);

    R flatten(Flatten operation);

    R unflatten(Unflatten operation);

    R linear(Linear operation);
  }

  private static void requirePositive(String what, Extent extent) {
    if (!extent.isPositive()) {
      throw new IllegalArgumentException(what + " must be at least 1x1, found " + extent);
    }
  }

  private static void requirePool(Extent kernel, Extent stride, Extent padding) {
    requirePositive("kernel", kernel);
    requirePositive("stride", stride);
    // A window that lies in the padding alone would have no maximum and no mean.
    if (2L * padding.height() > kernel.height() || 2L * padding.width() > kernel.width()) {
      throw new IllegalArgumentException(
          "padding must be at most half of the kernel " + kernel + ", found " + padding);
    }
  }
}

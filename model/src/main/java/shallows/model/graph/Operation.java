package shallows.model.graph;

/**
 * What a node computes. The interface is sealed and visited, so that a new operation fails to
 * compile in every reader, writer and runner that does not know it yet.
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

  /** The sum of two inputs of one shape. */
  record Add() implements Operation {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.add(this);
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

  /** The largest value below each position of the kernel; padding never wins. */
  record MaxPool(Extent kernel, Extent stride, Extent padding) implements Operation {
    public MaxPool {
      requirePool(kernel, stride, padding);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.maxPool(this);
    }
  }

  /**
   * The mean below each position of the kernel, with padding counted as zeros (PyTorch's default).
   * With a kernel of 1x1 it subsamples, which is how the option-A shortcut of He et al. 2016 halves
   * an image.
   */
  record AveragePool(Extent kernel, Extent stride, Extent padding) implements Operation {
    public AveragePool {
      requirePool(kernel, stride, padding);
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

    R add(Add operation);

    R scale(Scale operation);

    R maxPool(MaxPool operation);

    R averagePool(AveragePool operation);

    R globalAveragePool(GlobalAveragePool operation);

    R padChannels(PadChannels operation);

    R flatten(Flatten operation);

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
    if (2 * padding.height() > kernel.height() || 2 * padding.width() > kernel.width()) {
      throw new IllegalArgumentException(
          "padding must be at most half of the kernel " + kernel + ", found " + padding);
    }
  }
}

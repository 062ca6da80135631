package shallows.train.engine;

import static shallows.train.engine.NodeComputation.shape;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.pooling.Pool;
import shallows.model.graph.Extent;
import shallows.model.graph.Operation;

/**
 * A convolution, past two faults of LibTorch 2.7.1.
 *
 * <ol>
 *   <li>One of 1x1 that reads only some of the pixels, in one group and without padding: these
 *       pixels are taken first, by a mean over one pixel, which is the same values. On processors
 *       with AVX-512, oneDNN divides by zero when it plans such a convolution of many channels, and
 *       the process ends.
 *   <li>A depthwise one with several filters a channel: it is computed in the layout (N, C, H, W).
 *       In the channels-last layout oneDNN computes it wrongly on processors with AVX-512; its
 *       weight gradient is wrong on others too.
 *   <li>Every other one is computed as it stands.
 * </ol>
 */
final class Convolution {
  private static final Shape ONE = new Shape(1, 1);
  private static final Shape ZERO = new Shape(0, 0);

  private Convolution() {}

  /**
   * @param x {@code (N, C, H, W)}
   * @param weight as it is computed with: rounded, binarized
   * @param bias null where there is none
   */
  static NDArray of(Operation.Conv2d operation, NDArray x, NDArray weight, NDArray bias) {
    if (subsamples(operation, weight.getShape())) {
      try (NDArray read = Pool.avgPool2d(x, ONE, shape(operation.stride()), ZERO, false, true)) {
        return Conv2d.conv2d(read, weight, bias, ONE, ZERO, ONE, operation.groups())
            .singletonOrThrow();
      }
    }
    boolean multiplies = operation.groups() > 1 && multipliesChannels(x, weight.getShape());
    return Conv2d.conv2d(
            multiplies ? channelsFirst(x) : x,
            weight,
            bias,
            shape(operation.stride()),
            shape(operation.padding()),
            shape(operation.dilation()),
            operation.groups())
        .singletonOrThrow();
  }

  private static boolean subsamples(Operation.Conv2d operation, Shape weight) {
    return weight.get(2) == 1
        && weight.get(3) == 1
        && operation.groups() == 1
        && !operation.stride().equals(Extent.ONE)
        && operation.padding().equals(Extent.ZERO);
  }

  /** Whether each input channel has filters of its own, and several of them. */
  private static boolean multipliesChannels(NDArray x, Shape weight) {
    return weight.get(1) == 1 && weight.get(0) > x.getShape().get(1);
  }

  private static NDArray channelsFirst(NDArray x) {
    // Only flat, with the channels outermost, it has to be copied.
    try (NDArray flat = x.reshape(x.getShape().get(0), -1)) {
      return flat.reshape(x.getShape());
    }
  }
}

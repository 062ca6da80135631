package shallows.model.onnx.read;

import java.util.Arrays;
import shallows.model.graph.Extent;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** A factor and an offset for each channel, as a depthwise convolution of 1x1. */
final class OnnxAffine {
  private final OnnxCall call;

  OnnxAffine(OnnxCall call) {
    this.call = call;
  }

  /** factors[c]·x + offsets[c]. */
  void perChannel(OnnxFlow x, float[] factors, float[] offsets) {
    if (call.shape(x).rank() == 1) {
      OnnxFlow image = call.step(x, "image", new Operation.Unflatten());
      OnnxFlow moved =
          call.step(image, "affine", channelwise(factors), parameters(factors, offsets));
      call.emit(moved, new Operation.Flatten());
    } else {
      call.emit(x, channelwise(factors), parameters(factors, offsets));
    }
  }

  /** factor·x + offset, before the output. */
  OnnxFlow line(OnnxFlow x, float factor, float offset) {
    if (offset == 0) {
      return call.step(x, "scaled", new Operation.Scale(factor));
    }
    float[] factors = new float[call.shape(x).dimension(0)];
    float[] offsets = factors.clone();
    Arrays.fill(factors, factor);
    Arrays.fill(offsets, offset);
    if (call.shape(x).rank() == 3) {
      return call.step(x, "line", channelwise(factors), parameters(factors, offsets));
    }
    OnnxFlow image = call.step(x, "image", new Operation.Unflatten());
    OnnxFlow moved = call.step(image, "line", channelwise(factors), parameters(factors, offsets));
    return call.step(moved, "vector", new Operation.Flatten());
  }

  private static Operation channelwise(float[] factors) {
    return new Operation.Conv2d(
        Extent.ONE, Extent.ZERO, Extent.ONE, factors.length, Precision.FLOAT);
  }

  private String[] parameters(float[] factors, float[] offsets) {
    return new String[] {
      call.derived("factor", new Tensor(Shape.of(factors.length, 1, 1, 1), factors)),
      call.derived("offset", Tensor.vector(offsets))
    };
  }
}

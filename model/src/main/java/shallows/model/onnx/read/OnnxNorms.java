package shallows.model.onnx.read;

import java.util.Arrays;
import java.util.List;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** Norms, most of them with a factor and an offset behind them. */
final class OnnxNorms {

  private final OnnxCall call;

  OnnxNorms(OnnxCall call) {
    this.call = call;
  }

  void batchNorm() {
    call.attributes().expect("training_mode", 0);
    call.attributes().expect("spatial", 1);
    // How fast training moves the stored statistics; without meaning for what the node computes.
    call.attributes().number("momentum", 0);
    call.inputs(5, 5);
    Operation norm = new Operation.BatchNorm(call.attributes().number("epsilon", 1e-5f));
    String[] parameters = new String[4];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = call.constant(i + 1);
    }
    OnnxFlow x = call.flow(0);
    if (call.shape(x).rank() == 1) {
      OnnxFlow image = call.step(x, "image", new Operation.Unflatten());
      call.emit(call.step(image, "norm", norm, parameters), new Operation.Flatten());
    } else if (x.layout().isWhole(1, 0, call.shape(x))) {
      call.emit(x, norm, parameters);
    } else {
      call.emit(call.image(0), norm, parameters);
    }
  }

  /** Over the last axis, or over all axes of an image or of its channels. */
  void layerNorm() {
    call.inputs(2, 3);
    call.attributes().expect("stash_type", 1);
    OnnxFlow x = call.flow(0);
    int last = x.layout().rank() - 1;
    int axis = OnnxAxes.axis(call.attributes().signed("axis", -1), last + 1);
    float epsilon = call.attributes().number("epsilon", 1e-5f);
    Operation norm = new Operation.ChannelNorm(epsilon);
    if (axis != last && axis > 0 && last == 3) {
      overPositions(axis, epsilon);
      return;
    }
    if (axis != last) {
      throw call.misfit("a norm over the channels, not from axis " + axis + " on", x);
    }
    int channels = OnnxLayout.extent(x.layout().all().get(last));
    String scale = call.constant(1);
    String bias =
        call.has(2)
            ? call.constant(2)
            : call.constants().derived(call.output() + "/bias", Tensor.vector(new float[channels]));
    if (call.shape(x).rank() == 1) {
      OnnxFlow image = call.step(x, "image", new Operation.Unflatten());
      call.emit(call.step(image, "norm", norm, scale, bias), new Operation.Flatten());
    } else {
      call.emit(OnnxTokens.withChannels(call, x, last), norm, scale, bias);
    }
  }

  /**
   * With a factor and an offset for each number of the image, or for each position.
   *
   * @param axis the first that the norm is over: 1 the channels, 2 the rows
   */
  private void overPositions(int axis, float epsilon) {
    OnnxFlow x = call.image(0);
    Shape image = call.shape(x);
    int channels = image.dimension(0);
    Operation norm = new Operation.GroupNorm(axis == 1 ? 1 : channels, epsilon);
    Shape own = Shape.of(axis == 1 ? channels : 1, image.dimension(1), image.dimension(2));
    String scale = call.constants().reshaped(call.constant(1), own);
    OnnxFlow normed = call.step(x, "norm", norm);
    if (call.has(2)) {
      Operation times = new Operation.Binary(Operation.Function.MULTIPLY);
      call.emit(
          call.step(normed, "scaled", times, scale),
          new Operation.Binary(Operation.Function.ADD),
          call.constants().reshaped(call.constant(2), own));
    } else {
      call.emit(normed, new Operation.Binary(Operation.Function.MULTIPLY), scale);
    }
  }

  /** Over all positions of each group of channels, whatever axes these stand in. */
  void instanceNorm() {
    call.inputs(3, 3);
    OnnxFlow x = call.flow(0);
    Shape shape = call.shape(x);
    List<OnnxLayout.Part> groups = x.layout().axes().get(0);
    int count = OnnxLayout.extent(groups);
    int channels = shape.dimension(0);
    boolean outermost =
        count == 1
            || groups.size() == 1
                && groups.get(0).dimension() == 0
                && groups.get(0).step() * count == channels;
    if (shape.rank() != 3 || !outermost || x.layout().repeats()) {
      throw call.misfit("groups of channels behind the images", x);
    }
    Operation norm = new Operation.GroupNorm(count, call.attributes().number("epsilon", 1e-5f));
    affine(x, norm, repeated(floats(1), channels), repeated(floats(2), channels));
  }

  /** With a factor and an offset for each group, or each channel. */
  void groupNorm() {
    call.inputs(3, 3);
    call.attributes().expect("stash_type", 1);
    OnnxFlow x = call.image(0);
    int channels = call.shape(x).dimension(0);
    Operation norm =
        new Operation.GroupNorm(
            call.attributes().integer("num_groups", 1), call.attributes().number("epsilon", 1e-5f));
    affine(x, norm, repeated(floats(1), channels), repeated(floats(2), channels));
  }

  private float[] floats(int index) {
    return call.constants().floats(call.constant(index)).values();
  }

  /** One number for each of as many neighbouring channels as there are to one of a few. */
  private static float[] repeated(float[] few, int channels) {
    if (channels % few.length != 0) {
      throw new IllegalArgumentException(
          "expected numbers for " + channels + " channels, found " + few.length);
    }
    float[] all = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      all[channel] = few[channel / (channels / few.length)];
    }
    return all;
  }

  private void affine(OnnxFlow x, Operation norm, float[] factors, float[] offsets) {
    float[] ones = new float[factors.length];
    Arrays.fill(ones, 1);
    if (Arrays.equals(factors, ones) && Arrays.equals(offsets, new float[ones.length])) {
      call.emit(x, norm);
    } else {
      new OnnxAffine(call).perChannel(call.step(x, "norm", norm), factors, offsets);
    }
  }

  void localResponseNorm() {
    call.inputs(1, 1);
    int size = call.attributes().integer("size", 0);
    if (size % 2 == 0) {
      throw new IllegalArgumentException("expected an odd size, found " + size);
    }
    float alpha = call.attributes().number("alpha", 1e-4f);
    float beta = call.attributes().number("beta", 0.75f);
    float bias = call.attributes().number("bias", 1);
    call.emit(call.image(0), new Operation.LocalResponseNorm(size, alpha, beta, bias));
  }
}

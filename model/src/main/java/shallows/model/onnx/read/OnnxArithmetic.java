package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import shallows.model.graph.Extent;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * Sums, products and matrices. A constant that differs from channel to channel becomes the bias of
 * the layer before it, or a depthwise convolution of 1x1.
 */
final class OnnxArithmetic {
  private final OnnxCall call;

  OnnxArithmetic(OnnxCall call) {
    this.call = call;
  }

  void add() {
    call.inputs(2, 2);
    if (call.isFlow(0) && call.isFlow(1)) {
      sum(call.flow(0), call.flow(1));
    } else {
      offset(call.flow(flowIndex()), constant(), 1);
    }
  }

  void subtract() {
    call.inputs(2, 2);
    if (call.isFlow(0) && call.isFlow(1)) {
      sum(call.flow(0), call.step(call.flow(1), "negative", new Operation.Scale(-1)));
    } else if (call.isFlow(0)) {
      offset(call.flow(0), constant(), -1);
    } else {
      offset(call.step(call.flow(1), "negative", new Operation.Scale(-1)), constant(), 1);
    }
  }

  private void sum(OnnxFlow first, OnnxFlow second) {
    requireOneLayout(first, second);
    call.emit(new Operation.Add(), first.layout(), List.of(first.value(), second.value()));
  }

  private void requireOneLayout(OnnxFlow first, OnnxFlow second) {
    if (!first.layout().equals(second.layout())) {
      throw call.misfit("two inputs with axes of one order", second);
    }
  }

  void multiply() {
    call.inputs(2, 2);
    if (!call.isFlow(0) || !call.isFlow(1)) {
      scale(call.flow(flowIndex()), constant());
      return;
    }
    OnnxFlow first = call.flow(0);
    OnnxFlow second = call.flow(1);
    requireOneLayout(first, second);
    boolean turned = call.shape(first).size() < call.shape(second).size();
    List<String> values = new ArrayList<>(List.of(first.value(), second.value()));
    if (turned) {
      values = List.of(second.value(), first.value());
    }
    call.emit(new Operation.Multiply(), first.layout(), values);
  }

  void divide() {
    call.inputs(2, 2);
    if (!call.isFlow(0) || call.isFlow(1)) {
      throw new IllegalArgumentException("expected a computed value divided by a constant");
    }
    Tensor divisor = constant();
    float[] factors = new float[divisor.size()];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = (float) (1.0 / divisor.values()[i]);
    }
    scale(call.flow(0), new Tensor(divisor.shape(), factors));
  }

  private int flowIndex() {
    return call.isFlow(0) ? 0 : 1;
  }

  private Tensor constant() {
    return call.constants().floats(call.constant(1 - flowIndex()));
  }

  private void scale(OnnxFlow x, Tensor factor) {
    if (factor.size() == 1) {
      call.emit(x, new Operation.Scale(factor.values()[0]));
      return;
    }
    float[] factors = perChannel(x, factor);
    affine(x, factors, new float[factors.length]);
  }

  private void offset(OnnxFlow x, Tensor constant, float sign) {
    float[] offsets = perChannel(x, constant);
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] *= sign;
    }
    Optional<Node> layer = layerWithoutBias(x);
    if (layer.isPresent()) {
      Node node = layer.get();
      call.imported().remove(node);
      List<String> inputs = new ArrayList<>(node.inputs());
      inputs.add(added("bias", Tensor.vector(offsets)));
      call.emit(node.operation(), x.layout(), inputs);
      return;
    }
    float[] ones = new float[offsets.length];
    Arrays.fill(ones, 1);
    affine(x, ones, offsets);
  }

  /** The convolution or matrix before, where it has no bias and only this node reads it. */
  private Optional<Node> layerWithoutBias(OnnxFlow x) {
    return call.imported()
        .ownNode(call.inputs().get(flowIndex()), x)
        .filter(
            node ->
                (node.operation() instanceof Operation.Conv2d
                        || node.operation() instanceof Operation.Linear)
                    && node.inputs().size() == 2);
  }

  /** factors[c]·x + offsets[c]. */
  private void affine(OnnxFlow x, float[] factors, float[] offsets) {
    if (x.layout().equals(OnnxLayout.VECTOR)) {
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
    if (!x.layout().equals(OnnxLayout.VECTOR)) {
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
      added("factor", new Tensor(Shape.of(factors.length, 1, 1, 1), factors)),
      added("offset", Tensor.vector(offsets))
    };
  }

  private String added(String suffix, Tensor value) {
    return call.constants().derived(call.output() + "/" + suffix, value);
  }

  /** The constant as one number a channel, if it is the same at all positions. */
  private float[] perChannel(OnnxFlow x, Tensor constant) {
    Shape shape = call.shape(x);
    int channels = shape.dimension(0);
    float[] each = new float[channels];
    if (constant.size() == 1) {
      Arrays.fill(each, constant.values()[0]);
      return each;
    }
    if (x.layout().order() == OnnxLayout.Order.GROUPED
        || x.layout().order() == OnnxLayout.Order.SWAPPED) {
      throw call.misfit("an image or a vector beside a constant", x);
    }
    // Aligned at the end, as in NumPy; all axes but that of the channels must be of extent 1.
    int axis = x.layout().channelAxis() - (x.layout().rank() - constant.shape().rank());
    if (axis < 0 || constant.shape().dimension(axis) != channels || constant.size() != channels) {
      throw new IllegalArgumentException(
          "expected a constant of one number, or one for each of "
              + channels
              + " channels, found shape "
              + constant.shape());
    }
    return constant.values().clone();
  }

  /** y = alpha·x·W + beta·b. */
  void gemm() {
    call.inputs(2, 3);
    call.attributes().expect("transA", 0);
    float alpha = call.attributes().number("alpha", 1);
    float beta = call.attributes().number("beta", 1);
    boolean transposed = call.attributes().integer("transB", 0) != 0;
    OnnxFlow x = call.flow(0, OnnxLayout.VECTOR);
    String weight = call.constant(1);
    if (!transposed) {
      weight = call.constants().transposed(weight);
    }
    weight = scaled(weight, alpha, "weight");
    if (!call.has(2)) {
      call.emit(x, new Operation.Linear(), weight);
      return;
    }
    int outputs = call.constants().parameter(weight).shape().dimension(0);
    String bias = scaled(bias(call.constant(2), outputs), beta, "bias");
    call.emit(x, new Operation.Linear(), weight, bias);
  }

  /** A bias may come as a row, or as one number for all outputs. */
  private String bias(String name, int outputs) {
    Tensor bias = call.constants().floats(name);
    if (bias.shape().equals(Shape.of(outputs))) {
      return name;
    }
    float[] each = new float[outputs];
    if (bias.size() != 1 && bias.size() != outputs) {
      throw new IllegalArgumentException(
          "expected a bias of " + outputs + ", found shape " + bias.shape());
    }
    for (int i = 0; i < outputs; i++) {
      each[i] = bias.values()[bias.size() == 1 ? 0 : i];
    }
    return added("bias", Tensor.vector(each));
  }

  private String scaled(String name, float factor, String suffix) {
    if (factor == 1) {
      return name;
    }
    Tensor tensor = call.constants().floats(name);
    float[] scaled = tensor.values().clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factor;
    }
    return added(suffix, new Tensor(tensor.shape(), scaled));
  }

  /** A vector times a matrix, or, channels last, a convolution of 1x1. */
  void matMul() {
    call.inputs(2, 2);
    OnnxFlow x = call.flow(0);
    String weight = call.constants().transposed(call.constant(1));
    if (x.layout().equals(OnnxLayout.VECTOR)) {
      call.emit(x, new Operation.Linear(), weight);
    } else if (x.layout().equals(OnnxLayout.LAST)) {
      Shape shape = call.constants().parameter(weight).shape();
      String kernel =
          call.constants().reshaped(weight, Shape.of(shape.dimension(0), shape.dimension(1), 1, 1));
      call.emit(x, Operation.Conv2d.of(1, 0), kernel);
    } else {
      throw call.misfit("a vector (N, F) or an image (N, H, W, C) before a matrix", x);
    }
  }
}

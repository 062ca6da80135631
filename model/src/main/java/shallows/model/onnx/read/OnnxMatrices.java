package shallows.model.onnx.read;

import java.util.List;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** Products with a constant matrix. */
final class OnnxMatrices {
  private final OnnxCall call;

  OnnxMatrices(OnnxCall call) {
    this.call = call;
  }

  /** y = alpha·x·W + beta·b. */
  void gemm() {
    call.inputs(2, 3);
    call.attributes().expect("transA", 0);
    float alpha = call.attributes().number("alpha", 1);
    float beta = call.attributes().number("beta", 1);
    boolean transposed = call.attributes().integer("transB", 0) != 0;
    OnnxFlow x = call.vector(0);
    String weight = call.constant(1);
    if (!transposed) {
      weight = call.constants().transposed(weight);
    }
    weight = scaled(weight, alpha, "weight");
    if (!call.has(2)) {
      call.emitFirst(x, new Operation.Linear(), weight);
      return;
    }
    int outputs = call.constants().parameter(weight).shape().dimension(0);
    String bias = scaled(bias(call.constant(2), outputs), beta, "bias");
    call.emitFirst(x, new Operation.Linear(), weight, bias);
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
    return call.constants().derived(call.output() + "/bias", Tensor.vector(each));
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
    return call.constants()
        .derived(call.output() + "/" + suffix, new Tensor(tensor.shape(), scaled));
  }

  /** A vector times a matrix, or, of an image whose channels are last, a convolution of 1x1. */
  void matMul() {
    call.inputs(2, 2);
    OnnxFlow x = call.flow(0);
    String weight = call.constants().transposed(call.constant(1));
    int last = x.layout().rank() - 1;
    if (last == 1) {
      call.emitFirst(call.vector(0), new Operation.Linear(), weight);
      return;
    }
    if (call.shape(x).rank() == 1 || !x.layout().isWhole(last, 0, call.shape(x))) {
      throw call.misfit("a vector (N, F) or channels last before a matrix", x);
    }
    Shape shape = call.constants().parameter(weight).shape();
    int outputs = shape.dimension(0);
    String kernel = call.constants().reshaped(weight, Shape.of(outputs, shape.dimension(1), 1, 1));
    call.emit(
        Operation.Conv2d.of(1, 0),
        x.layout().with(last, OnnxLayout.whole(0, outputs)),
        List.of(x.value(), kernel));
  }
}

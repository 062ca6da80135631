package shallows.model.onnx.read;

import shallows.model.graph.Operation;

/** Curves that have numbers of their own, or are several operations of a graph. */
final class OnnxActivations {
  /** How far a float that stands for 1/6 may be from it. */
  private static final float SIXTH_TOLERANCE = 1e-6f;

  private OnnxActivations() {}

  /** α·(eˣ − 1) below 0: the curve is that for α = 1. */
  static void elu(OnnxCall call) {
    call.inputs(1, 1);
    elu(call, call.flow(0), call.attributes().number("alpha", 1), 1);
  }

  static void selu(OnnxCall call) {
    call.inputs(1, 1);
    float alpha = call.attributes().number("alpha", 1.6732632f);
    elu(call, call.flow(0), alpha, call.attributes().number("gamma", 1.0507010f));
  }

  /** α·(e^(x/α) − 1) below 0. */
  static void celu(OnnxCall call) {
    call.inputs(1, 1);
    float alpha = call.attributes().number("alpha", 1);
    OnnxFlow x = call.flow(0);
    if (alpha == 1) {
      call.emit(x, OnnxNodeReader.curve(Operation.Curve.ELU));
      return;
    }
    OnnxFlow small = call.step(x, "quotient", new Operation.Scale(1 / alpha));
    OnnxFlow bent = call.step(small, "curve", OnnxNodeReader.curve(Operation.Curve.ELU));
    call.emit(bent, new Operation.Scale(alpha));
  }

  private static void elu(OnnxCall call, OnnxFlow x, float alpha, float factor) {
    if (alpha == 1 && factor == 1) {
      call.emit(x, OnnxNodeReader.curve(Operation.Curve.ELU));
      return;
    }
    OnnxFlow positive = call.step(x, "positive", new Operation.Relu());
    Operation below = new Operation.Clip(Float.NEGATIVE_INFINITY, 0);
    OnnxFlow bent =
        call.step(call.step(x, "below", below), "curve", OnnxNodeReader.curve(Operation.Curve.ELU));
    OnnxFlow negative = call.step(bent, "negative", new Operation.Scale(alpha));
    if (factor == 1) {
      new OnnxArithmetic(call).combine(Operation.Function.ADD, positive, negative);
    } else {
      OnnxFlow sum =
          new OnnxArithmetic(call).stepOf("sum", Operation.Function.ADD, positive, negative);
      call.emit(sum, new Operation.Scale(factor));
    }
  }

  /** x·tanh(log(1 + eˣ)). */
  static void mish(OnnxCall call) {
    call.inputs(1, 1);
    OnnxFlow x = call.flow(0);
    OnnxFlow softplus = call.step(x, "softplus", OnnxNodeReader.curve(Operation.Curve.SOFTPLUS));
    OnnxFlow gate = call.step(softplus, "gate", OnnxNodeReader.curve(Operation.Curve.TANH));
    new OnnxArithmetic(call).combine(Operation.Function.MULTIPLY, x, gate);
  }

  static void clip(OnnxCall call) {
    call.inputs(1, 3);
    float low = bound(call, 1, "min", Float.NEGATIVE_INFINITY);
    float high = bound(call, 2, "max", Float.POSITIVE_INFINITY);
    boolean unbounded = low <= -Float.MAX_VALUE && high >= Float.MAX_VALUE;
    if (unbounded) {
      call.alias(call.flow(0));
    } else if (low == 0 && high >= Float.MAX_VALUE) {
      call.emit(call.flow(0), new Operation.Relu());
    } else {
      call.emit(call.flow(0), new Operation.Clip(low, high));
    }
  }

  /** An attribute until opset 10, an input from opset 11 on. */
  private static float bound(OnnxCall call, int index, String attribute, float none) {
    return call.has(index)
        ? call.constants().scalar(call.constant(index))
        : call.attributes().number(attribute, none);
  }

  static void leakyRelu(OnnxCall call) {
    OnnxNodeReader.unary(call, new Operation.LeakyRelu(call.attributes().number("alpha", 0.01f)));
  }

  static void hardSigmoid(OnnxCall call) {
    float alpha = call.attributes().number("alpha", 0.2f);
    float beta = call.attributes().number("beta", 0.5f);
    call.inputs(1, 1);
    OnnxFlow x = call.flow(0);
    if (Math.abs(alpha - 1f / 6) > SIXTH_TOLERANCE || beta != 0.5f) {
      // clip(a·x + b, 0, 1) is the curve clip(y / 6 + 1/2, 0, 1) of y = 6·a·x + 6·b − 3.
      x = new OnnxAffine(call).line(x, 6 * alpha, (float) (6.0 * beta - 3));
    }
    call.emit(x, OnnxNodeReader.curve(Operation.Curve.HARD_SIGMOID));
  }

  static void gelu(OnnxCall call) {
    String approximation = call.attributes().text("approximate", "none");
    if (!approximation.equals("none") && !approximation.equals("tanh")) {
      throw new IllegalArgumentException(
          "expected approximate none or tanh, found " + approximation);
    }
    boolean exact = approximation.equals("none");
    OnnxNodeReader.unary(
        call, OnnxNodeReader.curve(exact ? Operation.Curve.GELU : Operation.Curve.GELU_TANH));
  }

  /** x / (1 + e^(−αx)). */
  static void swish(OnnxCall call) {
    call.inputs(1, 1);
    float alpha = call.attributes().number("alpha", 1);
    OnnxFlow x = call.flow(0);
    OnnxFlow steep = alpha == 1 ? x : call.step(x, "steep", new Operation.Scale(alpha));
    OnnxFlow gate = call.step(steep, "gate", OnnxNodeReader.curve(Operation.Curve.SIGMOID));
    new OnnxArithmetic(call).combine(Operation.Function.MULTIPLY, x, gate);
  }

  /** x / (1 + |x|). */
  static void softsign(OnnxCall call) {
    call.inputs(1, 1);
    OnnxFlow x = call.flow(0);
    OnnxFlow size = call.step(x, "size", OnnxNodeReader.curve(Operation.Curve.ABS));
    OnnxFlow more = new OnnxAffine(call).line(size, 1, 1);
    new OnnxArithmetic(call).combine(Operation.Function.DIVIDE, x, more);
  }
}

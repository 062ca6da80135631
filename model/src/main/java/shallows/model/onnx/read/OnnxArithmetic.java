package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Tensor;

/**
 * Two operands. A constant that differs from channel to channel becomes the bias of the layer
 * before it, or a depthwise convolution of 1x1; others become parameters.
 */
final class OnnxArithmetic {

  private final OnnxCall call;

  OnnxArithmetic(OnnxCall call) {
    this.call = call;
  }

  /** An operator of two, or one that is taken of the first two, then of that and the third, ... */
  void read(Operation.Function function) {
    int count = call.inputs(1, Integer.MAX_VALUE).size();
    if (count == 1) {
      call.alias(call.flow(0));
    } else if (count == 2) {
      read(function, call.isFlow(0) ? 0 : 1, call.isFlow(0) ? 1 : 0);
    } else {
      chain(function);
    }
  }

  /** Of several values, number by number. */
  void mean() {
    int count = call.inputs(1, Integer.MAX_VALUE).size();
    OnnxFlow sum = call.flow(0);
    for (int i = 1; i < count; i++) {
      sum = stepOf("sum", Operation.Function.ADD, sum, call.flow(i));
    }
    if (count == 1) {
      call.alias(sum);
    } else {
      call.emit(sum, new Operation.Scale(1f / count));
    }
  }

  private void chain(Operation.Function function) {
    List<OnnxFlow> flows = new ArrayList<>();
    for (int i = 0; i < call.inputs().size(); i++) {
      flows.add(call.flow(i));
    }
    OnnxFlow sofar = flows.get(0);
    for (OnnxFlow next : flows.subList(1, flows.size() - 1)) {
      sofar = stepOf("first", function, sofar, next);
    }
    combine(function, sofar, flows.get(flows.size() - 1));
  }

  private void read(Operation.Function function, int flow, int other) {
    OnnxFlow x = call.flow(flow);
    if (call.isFlow(other)) {
      combine(function, x, call.flow(other));
      return;
    }
    String name = call.constant(other);
    Tensor constant = call.constants().floats(name);
    boolean first = other == 0;
    switch (function) {
      case ADD -> offset(x, flow, name, 1);
      case SUBTRACT ->
          offset(
              first ? call.step(x, "negative", new Operation.Scale(-1)) : x,
              flow,
              name,
              first ? 1 : -1);
      case MULTIPLY -> times(x, name);
      case DIVIDE -> {
        if (first) {
          OnnxFlow reciprocal = call.step(x, "reciprocal", new Operation.Power(-1));
          if (isPerChannel(x, constant)) {
            scale(reciprocal, constant);
          } else {
            parameter(Operation.Function.MULTIPLY, reciprocal, constant, name);
          }
        } else if (isPerChannel(x, constant)) {
          scale(x, reciprocal(constant));
        } else {
          parameter(function, x, constant, name);
        }
      }
      case MINIMUM, MAXIMUM -> bound(function, x, constant, name);
      case PRELU -> throw new IllegalArgumentException("expected a constant slope");
    }
  }

  private static Tensor reciprocal(Tensor divisor) {
    float[] factors = new float[divisor.size()];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = (float) (1.0 / divisor.values()[i]);
    }
    return new Tensor(divisor.shape(), factors);
  }

  private void bound(Operation.Function function, OnnxFlow x, Tensor constant, String name) {
    float bound = constant.values()[0];
    boolean lower = function == Operation.Function.MAXIMUM;
    if (constant.size() > 1) {
      parameter(function, x, constant, name);
    } else if (lower && bound == 0) {
      call.emit(x, new Operation.Relu());
    } else {
      call.emit(
          x,
          new Operation.Clip(
              lower ? bound : Float.NEGATIVE_INFINITY, lower ? Float.POSITIVE_INFINITY : bound));
    }
  }

  /** x where it is positive, elsewhere a share of it. */
  void parametricRelu() {
    call.inputs(2, 2);
    Tensor slope = call.constants().floats(call.constant(1));
    if (slope.size() == 1) {
      call.emit(call.flow(0), new Operation.LeakyRelu(slope.values()[0]));
    } else {
      parameter(Operation.Function.PRELU, call.flow(0), slope, call.constant(1));
    }
  }

  /** A power by one number, and powers of one. */
  void power() {
    call.inputs(2, 2);
    if (call.isFlow(0) && call.isFlow(1)) {
      throw new IllegalArgumentException("expected a constant exponent");
    }
    float number = call.constants().scalar(call.constant(call.isFlow(0) ? 1 : 0));
    if (!call.isFlow(0)) {
      OnnxFlow x =
          call.step(call.flow(1), "logarithm", new Operation.Scale((float) Math.log(number)));
      call.emit(x, new Operation.Activation(Operation.Curve.EXP));
    } else if (number == 1) {
      call.alias(call.flow(0));
    } else {
      call.emit(call.flow(0), new Operation.Power(number));
    }
  }

  void combine(Operation.Function function, OnnxFlow first, OnnxFlow second) {
    OnnxBinaryOperation aligned = OnnxBinaryOperation.of(call, function, first, second);
    List<String> values = List.of(aligned.first().value(), aligned.second().value());
    call.emit(aligned.operation(), aligned.layout(), values);
  }

  /** The same before the last node. */
  OnnxFlow stepOf(String suffix, Operation.Function function, OnnxFlow first, OnnxFlow second) {
    OnnxBinaryOperation aligned = OnnxBinaryOperation.of(call, function, first, second);
    OnnxFlow result =
        call.step(aligned.first(), suffix, aligned.operation(), aligned.second().value());
    return result.withLayout(aligned.layout());
  }

  /** A value times the constant of this name, under the name of the output. */
  void times(OnnxFlow x, String name) {
    Tensor constant = call.constants().floats(name);
    if (isPerChannel(x, constant)) {
      scale(x, constant);
    } else {
      parameter(Operation.Function.MULTIPLY, x, constant, name);
    }
  }

  private void scale(OnnxFlow x, Tensor factor) {
    if (factor.size() == 1) {
      call.emit(x, new Operation.Scale(factor.values()[0]));
    } else {
      float[] factors = OnnxAlignment.of(call, x, factor).values();
      new OnnxAffine(call).perChannel(x, factors, new float[factors.length]);
    }
  }

  /** Whether a constant is one number, or one for each channel. */
  private boolean isPerChannel(OnnxFlow x, Tensor constant) {
    if (constant.size() == 1) {
      return true;
    }
    Tensor aligned = OnnxAlignment.of(call, x, constant);
    return aligned != null
        && aligned.size() == call.shape(x).dimension(0)
        && aligned.shape().dimension(0) == aligned.size();
  }

  private void offset(OnnxFlow x, int flow, String name, float sign) {
    Tensor constant = call.constants().floats(name);
    if (!isPerChannel(x, constant)) {
      Operation.Function function = sign > 0 ? Operation.Function.ADD : Operation.Function.SUBTRACT;
      parameter(function, x, constant, name);
      return;
    }
    float[] offsets = new float[call.shape(x).dimension(0)];
    if (constant.size() == 1) {
      Arrays.fill(offsets, constant.values()[0]);
    } else {
      offsets = OnnxAlignment.of(call, x, constant).values().clone();
    }
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] *= sign;
    }
    Optional<Node> layer = layerWithoutBias(x, flow);
    if (layer.isPresent()) {
      Node node = layer.get();
      call.imported().remove(node);
      List<String> inputs = new ArrayList<>(node.inputs());
      inputs.add(call.derived("bias", Tensor.vector(offsets)));
      call.emit(node.operation(), x.layout(), inputs);
      return;
    }
    float[] ones = new float[offsets.length];
    Arrays.fill(ones, 1);
    new OnnxAffine(call).perChannel(x, ones, offsets);
  }

  /**
   * An operation of a value and a constant that is a parameter from now on.
   *
   * @param name of the constant
   */
  private void parameter(
      Operation.Function function, OnnxFlow given, Tensor constant, String name) {
    OnnxFlow x = given;
    Tensor aligned = OnnxAlignment.of(call, x, constant);
    if (aligned == null) {
      // It repeats the value along an axis.
      x = call.first(given);
      aligned = OnnxAlignment.grown(call, given, constant);
    }
    boolean own =
        aligned.shape().equals(constant.shape())
            && Arrays.equals(aligned.values(), constant.values());
    String parameter = own ? name : call.derived("second", aligned);
    Operation binary = new Operation.Binary(function);
    if (x == given) {
      call.emit(x, binary, parameter);
    } else {
      call.emitFirst(x, binary, parameter);
    }
  }

  /** The convolution or matrix before, where it has no bias and only this node reads it. */
  private Optional<Node> layerWithoutBias(OnnxFlow x, int flow) {
    return call.imported()
        .ownNode(call.inputs().get(flow), x)
        .filter(node -> node.operation().weighs() && node.inputs().size() == 2);
  }
}

package shallows.model.onnx.read;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import shallows.model.graph.Operation;

/** Norms along axes, which are means and maxima along them and what is done to those. */
final class OnnxAxisNorms {
  private final OnnxCall call;
  private final OnnxAxes axes;

  OnnxAxisNorms(OnnxCall call) {
    this.call = call;
    this.axes = new OnnxAxes(call);
  }

  /** x / √Σx², not divided by less than nothing. */
  void lpNormalization() {
    OnnxFlow x = call.flow(0);
    int axis = OnnxAxes.axis(call.attributes().signed("axis", -1), x.layout().rank());
    call.attributes().expect("p", 2);
    OnnxFlow squares = call.step(x, "squares", new Operation.Power(2));
    OnnxAxes.Reduction reduction =
        axes.along(squares, Operation.Statistic.MEAN, List.of(axis), true);
    OnnxFlow sum = call.step(reduction.result(), "sum", new Operation.Scale(reduction.count()));
    OnnxFlow length = call.step(sum, "length", new Operation.Power(0.5f));
    new OnnxArithmetic(call).combine(Operation.Function.DIVIDE, x, length);
  }

  /** γ·x / √(mean(x²) + ε), the mean from one axis on. */
  void rootMeanSquareNorm() {
    call.inputs(2, 2);
    call.attributes().integer("stash_type", 1);
    OnnxFlow x = call.flow(0);
    int rank = x.layout().rank();
    int first = OnnxAxes.axis(call.attributes().signed("axis", -1), rank);
    float epsilon = call.attributes().number("epsilon", 1e-5f);
    OnnxFlow squares = call.step(x, "squares", new Operation.Power(2));
    List<Integer> behind = IntStream.range(first, rank).boxed().toList();
    OnnxFlow mean = axes.along(squares, Operation.Statistic.MEAN, behind, true).result();
    OnnxFlow moved = new OnnxAffine(call).line(mean, 1, epsilon);
    OnnxFlow factor = call.step(moved, "factor", new Operation.Power(-0.5f));
    OnnxArithmetic arithmetic = new OnnxArithmetic(call);
    arithmetic.times(
        arithmetic.stepOf("normed", Operation.Function.MULTIPLY, x, factor), call.constant(1));
  }

  /** Each eˣ⁻ᵐ, m the maximum, is divided by the sum of all of them. */
  void softmax(boolean logarithm) {
    call.inputs(1, 1);
    OnnxFlow x = call.flow(0);
    int axis =
        OnnxAxes.axis(
            call.attributes().signed("axis", call.imported().opset() < 13 ? 1 : -1),
            x.layout().rank());
    if (call.imported().opset() < 13 && axis != x.layout().rank() - 1) {
      throw call.misfit("a softmax over the last axis, not from axis " + axis + " on", x);
    }
    OnnxArithmetic arithmetic = new OnnxArithmetic(call);
    OnnxFlow largest = axes.along(x, Operation.Statistic.MAXIMUM, List.of(axis), true).result();
    OnnxFlow moved = arithmetic.stepOf("moved", Operation.Function.SUBTRACT, x, largest);
    OnnxFlow power = call.step(moved, "power", new Operation.Activation(Operation.Curve.EXP));
    OnnxAxes.Reduction mean = axes.along(power, Operation.Statistic.MEAN, List.of(axis), true);
    OnnxFlow sum = call.step(mean.result(), "sum", new Operation.Scale(mean.count()));
    if (logarithm) {
      OnnxFlow log = call.step(sum, "logarithm", new Operation.Activation(Operation.Curve.LOG));
      arithmetic.combine(Operation.Function.SUBTRACT, moved, log);
    } else {
      arithmetic.combine(Operation.Function.DIVIDE, power, sum);
    }
  }

  /** (x − mean) / (σ + 1e-9), as the standard writes it in simpler operators. */
  void meanVarianceNormalization() {
    call.inputs(1, 1);
    OnnxFlow x = call.flow(0);
    int rank = x.layout().rank();
    List<Integer> asked =
        Arrays.stream(call.attributes().integers("axes").orElse(new long[] {0, 2, 3}))
            .mapToObj(axis -> OnnxAxes.axis(axis, rank))
            .toList();
    if (asked.isEmpty()) {
      throw call.misfit("axes to take a mean along", x);
    }
    OnnxArithmetic arithmetic = new OnnxArithmetic(call);
    OnnxFlow mean = axes.along(x, Operation.Statistic.MEAN, asked, true).result();
    OnnxFlow moved = arithmetic.stepOf("moved", Operation.Function.SUBTRACT, x, mean);
    OnnxFlow squares = call.step(moved, "squares", new Operation.Power(2));
    OnnxFlow variance = axes.along(squares, Operation.Statistic.MEAN, asked, true).result();
    OnnxFlow deviation = call.step(variance, "deviation", new Operation.Power(0.5f));
    OnnxFlow divisor = new OnnxAffine(call).line(deviation, 1, 1e-9f);
    arithmetic.combine(Operation.Function.DIVIDE, moved, divisor);
  }
}

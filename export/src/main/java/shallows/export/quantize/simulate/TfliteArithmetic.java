package shallows.export.quantize.simulate;

import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import shallows.export.quantize.Quantization;
import shallows.export.quantize.QuantizedWeights;
import shallows.model.graph.Extent;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * That of TFLite's own kernels on x86-64, which run what no delegate takes: all integers, with
 * factors in {@link FixedPoint}.
 *
 * <ol>
 *   <li>A float becomes round(x / scale), the quotient a float, halves away from zero.
 *   <li>A layer is f·sum with f = (inputScale·weightScale) / scale in doubles, but for the product,
 *       which is a float for fully connected ones. Those and convolutions are computed by the
 *       library ruy, whose vectors round halves upwards; depthwise convolutions and those of
 *       several groups are loops that round them away from zero.
 *   <li>A sum shifts both terms to the left by 20 bits, scales them to twice the larger of their
 *       scales, adds, and scales what comes out to the result. Where images have the same steps,
 *       our writer makes a convolution of their sum, whose weights are 1.
 *   <li>A product is f·n₁·n₂ with f = (scale₁·scale₂) / scale in floats.
 *   <li>A mean over all positions is a depthwise convolution, as our writer has it, whose weights
 *       are 127 and stand for 1 / positions.
 *   <li>A mean of a window is a quotient of integers, each with its sign and its zero point in it,
 *       whose halves go away from zero.
 * </ol>
 */
public final class TfliteArithmetic implements IntegerArithmetic {
  private static final int TERM_BITS = 20;

  /** Above, a mean over all positions is an operator of its own. */
  private static final int LARGEST_FILTER = 256;

  @Override
  public boolean knows(Operation operation, Shape image) {
    if (operation instanceof Operation.GlobalAveragePool) {
      return image.dimension(1) * image.dimension(2) <= LARGEST_FILTER;
    }
    if (operation instanceof Operation.AveragePool pool) {
      // Means over fewer positions at the edges are computed in floats.
      return pool.countsPadding() || pool.padding().equals(Extent.ZERO) && !pool.ceil();
    }
    return IntegerOperations.computes(operation) || IntegerOperations.selects(operation);
  }

  @Override
  public int quantized(float x, Quantization to) {
    float quotient = x / to.scale();
    double away = Math.floor(0.5 + Math.abs((double) quotient));
    return (int) (quotient < 0 ? -away : away);
  }

  @Override
  public IntUnaryOperator layer(
      Operation layer, float inputScale, float weightScale, Quantization to) {
    double product =
        layer instanceof Operation.Linear
            ? inputScale * weightScale
            : (double) inputScale * weightScale;
    FixedPoint factor = FixedPoint.of(product / to.scale());
    boolean grouped = layer instanceof Operation.Conv2d conv && conv.groups() > 1;
    return grouped ? factor::timesAway : factor::timesUp;
  }

  @Override
  public IntBinaryOperator sum(
      Shape shape, Quantization first, Quantization second, Quantization to) {
    if (shape.rank() == 3 && first.equals(second)) {
      FixedPoint factor = FixedPoint.of((double) first.scale() / to.scale());
      return (a, b) -> factor.timesUp(a + b);
    }
    double twice = 2.0 * Math.max(first.scale(), second.scale());
    FixedPoint ofFirst = FixedPoint.of(first.scale() / twice);
    FixedPoint ofSecond = FixedPoint.of(second.scale() / twice);
    FixedPoint ofSum = FixedPoint.of(twice / ((1 << TERM_BITS) * (double) to.scale()));
    return (a, b) ->
        ofSum.timesAway(ofFirst.timesAway(a << TERM_BITS) + ofSecond.timesAway(b << TERM_BITS));
  }

  @Override
  public IntBinaryOperator product(Quantization first, Quantization second, Quantization to) {
    FixedPoint factor = FixedPoint.of(first.scale() * second.scale() / to.scale());
    return (a, b) -> factor.timesAway(a * b);
  }

  @Override
  public IntUnaryOperator globalMean(int positions, Quantization from, Quantization to) {
    QuantizedWeights share = share(positions, from);
    FixedPoint factor = FixedPoint.of((double) from.scale() * share.scales()[0] / to.scale());
    return sum -> factor.timesAway(share.values()[0] * sum);
  }

  /** The weight that the writer gives each position of a mean over all. */
  static QuantizedWeights share(int positions, Quantization from) {
    return QuantizedWeights.of(
        new Tensor(Shape.of(1, 1), new float[] {1f / positions}),
        new float[1],
        from.scale(),
        QuantizedWeights.Form.PER_CHANNEL);
  }

  @Override
  public IntUnaryOperator windowMean(int positions, Quantization both) {
    int zeroPoint = both.zeroPoint() - Quantization.SIGNED_OFFSET;
    return sum -> {
      int signed = sum + positions * zeroPoint;
      int half = signed > 0 ? positions / 2 : -(positions / 2);
      return (signed + half) / positions - zeroPoint;
    };
  }
}

package shallows.export.quantize.simulate;

import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import shallows.export.quantize.Quantization;
import shallows.export.quantize.QuantizedWeights;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;

/**
 * That of XNNPACK, TFLite's delegate for processors, on x86-64: sums of integers are scaled as
 * floats of 32 bits and rounded once, halves to the even neighbour.
 *
 * <ol>
 *   <li>A float becomes round(x·r) with r = 1 / scale as a float.
 *   <li>A layer is round(sum·m) with m = (inputScale·weightScale) / scale, all of it floats.
 *   <li>A sum has integer factors fᵢ = round(2ˢ·scaleᵢ / scale), with s such that the larger has 21
 *       bits, and is ⌊(f₁·n₁ + f₂·n₂ + 2ˢ⁻¹) / 2ˢ⌋. Where images have the same steps, our writer
 *       makes a convolution of their sum, whose weights are 1.
 *   <li>A product is round(m·n₁·n₂) with m = (scale₁·scale₂) / scale.
 *   <li>A mean over all positions is a depthwise convolution, as our writer has it, whose weights
 *       are 127 and stand for 1 / positions.
 *   <li>A mean of a window it leaves to TFLite, see {@link TfliteArithmetic}.
 * </ol>
 */
public final class XnnpackArithmetic implements IntegerArithmetic {
  private static final int FACTOR_BITS = 20;

  private final TfliteArithmetic left = new TfliteArithmetic();

  @Override
  public boolean knows(Operation operation, Shape image) {
    return left.knows(operation, image);
  }

  @Override
  public int quantized(float x, Quantization to) {
    return (int) Math.rint(x * (1 / to.scale()));
  }

  @Override
  public IntUnaryOperator layer(
      Operation layer, float inputScale, float weightScale, Quantization to) {
    return scaled(inputScale * weightScale / to.scale());
  }

  private static IntUnaryOperator scaled(float factor) {
    return sum -> (int) Math.rint((float) sum * factor);
  }

  @Override
  public IntBinaryOperator sum(
      Shape shape, Quantization first, Quantization second, Quantization to) {
    if (shape.rank() == 3 && first.equals(second)) {
      IntUnaryOperator scaled = scaled(first.scale() / to.scale());
      return (a, b) -> scaled.applyAsInt(a + b);
    }
    float ofFirst = first.scale() / to.scale();
    float ofSecond = second.scale() / to.scale();
    int shift = FACTOR_BITS - Math.getExponent(Math.max(ofFirst, ofSecond));
    int firstFactor = (int) Math.rint(Math.scalb(ofFirst, shift));
    int secondFactor = (int) Math.rint(Math.scalb(ofSecond, shift));
    int half = 1 << (shift - 1);
    return (a, b) -> (a * firstFactor + b * secondFactor + half) >> shift;
  }

  @Override
  public IntBinaryOperator product(Quantization first, Quantization second, Quantization to) {
    IntUnaryOperator scaled = scaled(first.scale() * second.scale() / to.scale());
    return (a, b) -> scaled.applyAsInt(a * b);
  }

  @Override
  public IntUnaryOperator globalMean(int positions, Quantization from, Quantization to) {
    QuantizedWeights share = TfliteArithmetic.share(positions, from);
    IntUnaryOperator scaled = scaled(from.scale() * share.scales()[0] / to.scale());
    return sum -> scaled.applyAsInt(share.values()[0] * sum);
  }

  @Override
  public IntUnaryOperator windowMean(int positions, Quantization both) {
    return left.windowMean(positions, both);
  }
}

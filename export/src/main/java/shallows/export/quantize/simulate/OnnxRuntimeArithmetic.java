package shallows.export.quantize.simulate;

import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import shallows.export.quantize.Quantization;
import shallows.model.graph.Extent;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;

/**
 * That of ONNX Runtime on processors, whose kernels scale sums of integers as floats of 32 bits and
 * round once, halves to the even neighbour.
 *
 * <ol>
 *   <li>A float becomes round(x / scale), the quotient a float.
 *   <li>A layer is round(sum·m) with m = (inputScale·weightScale) / scale, all of it floats.
 *   <li>A sum is round(f₁·q₁ + (f₂·q₂ + c)), with factors fᵢ = scaleᵢ / scale of integers qᵢ that
 *       count from 0, and c = zero point − (f₁·zero₁ + f₂·zero₂); where a product is added, both
 *       are done at once and rounded once, as on all processors with AVX2.
 *   <li>A product is round(m·n₁·n₂ + zero point) with m = (scale₁·scale₂) / scale.
 *   <li>A mean over all positions is round(sum·m) with m = from / (scale·positions).
 * </ol>
 */
public final class OnnxRuntimeArithmetic implements IntegerArithmetic {
  @Override
  public boolean knows(Operation operation, Shape image) {
    if (operation instanceof Operation.AveragePool pool) {
      // Sums of floats depend on the order of adding.
      return pool.kernel().equals(Extent.ONE);
    }
    return IntegerOperations.computes(operation) || IntegerOperations.selects(operation);
  }

  @Override
  public int quantized(float x, Quantization to) {
    return (int) Math.rint(x / to.scale());
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
    float ofFirst = first.scale() / to.scale();
    float ofSecond = second.scale() / to.scale();
    float fixed =
        to.zeroPoint()
            - Math.fma(ofFirst, (float) first.zeroPoint(), ofSecond * second.zeroPoint());
    return (a, b) -> {
      float withSecond = Math.fma((float) (b + second.zeroPoint()), ofSecond, fixed);
      float both = Math.fma((float) (a + first.zeroPoint()), ofFirst, withSecond);
      return (int) Math.rint(both) - to.zeroPoint();
    };
  }

  @Override
  public IntBinaryOperator product(Quantization first, Quantization second, Quantization to) {
    float factor = first.scale() * second.scale() / to.scale();
    return (a, b) -> (int) Math.rint((float) (a * b) * factor + to.zeroPoint()) - to.zeroPoint();
  }

  @Override
  public IntUnaryOperator globalMean(int positions, Quantization from, Quantization to) {
    return scaled(from.scale() / (to.scale() * positions));
  }

  @Override
  public IntUnaryOperator windowMean(int positions, Quantization both) {
    return sum -> (int) Math.rint((float) sum * both.scale() / positions / both.scale());
  }
}

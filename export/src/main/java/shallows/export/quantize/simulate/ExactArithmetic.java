package shallows.export.quantize.simulate;

import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import shallows.export.quantize.Quantization;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;

/**
 * That of no runtime, and near to all: each operation in real numbers, rounded once to the nearest
 * integer, halves to the even one.
 */
public final class ExactArithmetic implements IntegerArithmetic {
  /** Nothing: no runtime rounds so rarely. */
  @Override
  public boolean knows(Operation operation, Shape image) {
    return false;
  }

  @Override
  public int quantized(float x, Quantization to) {
    return (int) Math.rint((double) x / to.scale());
  }

  @Override
  public IntUnaryOperator layer(
      Operation layer, float inputScale, float weightScale, Quantization to) {
    double factor = (double) inputScale * weightScale / to.scale();
    return sum -> (int) Math.rint(sum * factor);
  }

  @Override
  public IntBinaryOperator sum(
      Shape shape, Quantization first, Quantization second, Quantization to) {
    return (a, b) ->
        (int) Math.rint(((double) a * first.scale() + (double) b * second.scale()) / to.scale());
  }

  @Override
  public IntBinaryOperator product(Quantization first, Quantization second, Quantization to) {
    double factor = (double) first.scale() * second.scale() / to.scale();
    return (a, b) -> (int) Math.rint(a * b * factor);
  }

  @Override
  public IntUnaryOperator globalMean(int positions, Quantization from, Quantization to) {
    return sum -> (int) Math.rint((double) sum * from.scale() / to.scale() / positions);
  }

  @Override
  public IntUnaryOperator windowMean(int positions, Quantization both) {
    return sum -> (int) Math.rint((double) sum / positions);
  }
}

package shallows.export.quantize.simulate;

import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import shallows.export.quantize.Quantization;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;

/**
 * How a runtime gets from the integers that an operator reads to those that it writes. Integers are
 * given as distances from their zero points, n = q − zero point, so that a value is x = scale·n;
 * what is returned may still lie outside of what eight bits hold.
 */
public interface IntegerArithmetic {
  /**
   * Whether it says of such a node what the runtime computes, to the last integer; else what it
   * says may be one integer apart.
   *
   * @param image what the node reads first
   */
  boolean knows(Operation operation, Shape image);

  /** The integer of a float, as an operator that quantizes has it. */
  int quantized(float x, Quantization to);

  /**
   * What becomes of the sum of products and bias of a convolution or a linear layer: n of {@code
   * to} with scale·n ≈ inputScale·weightScale·sum.
   *
   * @param layer {@link Operation.Conv2d} or {@link Operation.Linear}
   */
  IntUnaryOperator layer(Operation layer, float inputScale, float weightScale, Quantization to);

  /**
   * The sum of two values.
   *
   * @param shape of each
   */
  IntBinaryOperator sum(Shape shape, Quantization first, Quantization second, Quantization to);

  /** The product of two values. */
  IntBinaryOperator product(Quantization first, Quantization second, Quantization to);

  /** The mean of all positions, from the sum of their integers. */
  IntUnaryOperator globalMean(int positions, Quantization from, Quantization to);

  /** The mean of a window, from the sum of its integers; both have the same quantization. */
  IntUnaryOperator windowMean(int positions, Quantization both);
}

package shallows.export.quantize.simulate;

import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import shallows.export.quantize.Quantization;
import shallows.export.quantize.QuantizedWeights;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;

/**
 * One node of one image, from integers to integers. Only those are here that compute: what moves,
 * selects or passes through floats needs none of it.
 */
final class IntegerOperations {
  /** What a node reads: its integers, as distances from the zero point, and what they stand for. */
  record IntegerTensor(int[] integers, Shape shape, Quantization steps) {}

  private final IntegerArithmetic arithmetic;
  private final Shape shape;
  private final Quantization to;

  /**
   * @param shape of the result
   * @param to its steps
   */
  IntegerOperations(IntegerArithmetic arithmetic, Shape shape, Quantization to) {
    this.arithmetic = arithmetic;
    this.shape = shape;
    this.to = to;
  }

  static boolean computes(Operation operation) {
    return operation.weighs()
        || operation instanceof Operation.Add
        || operation instanceof Operation.Multiply
        || operation instanceof Operation.GlobalAveragePool
        || operation instanceof Operation.AveragePool;
  }

  /** What hands on integers as they are, or the bound that they must not pass. */
  static boolean selects(Operation operation) {
    return operation.moves() || operation instanceof Operation.Clip;
  }

  /** Of a convolution or a linear layer. */
  int[] layer(Operation operation, IntegerTensor x, QuantizedWeights weights, Shape kernel) {
    int[] sums = sums(operation, x, weights, kernel, shape);
    int perOutput = sums.length / weights.bias().length;
    for (int o = 0; o < weights.bias().length; o++) {
      IntUnaryOperator scaled =
          arithmetic.layer(operation, x.steps().scale(), weights.scales()[o], to);
      for (int i = o * perOutput; i < (o + 1) * perOutput; i++) {
        sums[i] = scaled.applyAsInt(sums[i]);
      }
    }
    return sums;
  }

  /** Of products and bias. */
  static int[] sums(
      Operation operation, IntegerTensor x, QuantizedWeights weights, Shape kernel, Shape shape) {
    int[] sums =
        operation instanceof Operation.Conv2d conv
            ? IntegerSums.convolution(
                conv, x.integers(), x.shape(), weights.values(), kernel, shape)
            : IntegerSums.linear(x.integers(), weights.values(), shape.dimension(0));
    int perOutput = sums.length / weights.bias().length;
    for (int i = 0; i < sums.length; i++) {
      sums[i] += weights.bias()[i / perOutput];
    }
    return sums;
  }

  int[] sum(IntegerTensor a, IntegerTensor b) {
    return combined(arithmetic.sum(shape, a.steps(), b.steps(), to), a, b);
  }

  int[] product(IntegerTensor a, IntegerTensor b) {
    return combined(arithmetic.product(a.steps(), b.steps(), to), a, b);
  }

  /** The second may have one number a channel. */
  private static int[] combined(IntBinaryOperator operator, IntegerTensor a, IntegerTensor b) {
    int[] result = new int[a.integers().length];
    int repeated = result.length / b.integers().length;
    for (int i = 0; i < result.length; i++) {
      result[i] = operator.applyAsInt(a.integers()[i], b.integers()[i / repeated]);
    }
    return result;
  }

  int[] globalMean(IntegerTensor x) {
    int positions = x.integers().length / shape.dimension(0);
    IntUnaryOperator mean = arithmetic.globalMean(positions, x.steps(), to);
    int[] result = new int[shape.dimension(0)];
    for (int i = 0; i < x.integers().length; i++) {
      result[i / positions] += x.integers()[i];
    }
    for (int channel = 0; channel < result.length; channel++) {
      result[channel] = mean.applyAsInt(result[channel]);
    }
    return result;
  }

  int[] windowMeans(Operation.AveragePool pool, IntegerTensor x) {
    int[] result = new int[shape.size()];
    int plane = shape.dimension(1) * shape.dimension(2);
    for (int i = 0; i < result.length; i++) {
      int row = i % plane / shape.dimension(2) * pool.stride().height() - pool.padding().height();
      int column = i % shape.dimension(2) * pool.stride().width() - pool.padding().width();
      int counted = 0;
      int sum = 0;
      for (int y = row; y < row + pool.kernel().height(); y++) {
        for (int z = column; z < column + pool.kernel().width(); z++) {
          boolean inside = y >= 0 && y < x.shape().dimension(1);
          if (inside && z >= 0 && z < x.shape().dimension(2)) {
            sum +=
                x.integers()[(i / plane * x.shape().dimension(1) + y) * x.shape().dimension(2) + z];
            counted++;
          }
        }
      }
      int positions =
          pool.countsPadding() ? pool.kernel().height() * pool.kernel().width() : counted;
      result[i] = arithmetic.windowMean(positions, to).applyAsInt(sum);
    }
    return result;
  }
}

package shallows.export.tflite;

import java.util.Arrays;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import shallows.model.graph.Extent;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * Pools with their padding. TFLite leaves padding out of its means, so zeros that count are put in
 * by an operator; and where its SAME is not the padding asked for, zeros that do not count are put
 * in too and the means at the edges corrected.
 */
final class Pools {
  /**
   * @param nonNegative whether no value is below zero
   */
  record Source(int tensor, Shape shape, boolean nonNegative) {}

  /**
   * @param activation of {@link ActivationFunctionType}
   */
  record Target(int tensor, Shape shape, byte activation) {}

  private final TfliteFile file;
  private final Windows windows;

  Pools(TfliteFile file, Windows windows) {
    this.file = file;
    this.windows = windows;
  }

  void max(String name, Source source, Target target, Operation.MaxPool pool) {
    Extent padding = pool.padding();
    Extent behind = behind(source.shape(), target.shape(), pool.kernel(), pool.stride(), padding);
    Windows.Padded padded;
    if (Windows.isSame(source.shape(), target.shape(), pool.kernel(), pool.stride(), padding)) {
      padded = new Windows.Padded(source.tensor(), Windows.SAME);
    } else if (source.nonNegative()) {
      // Zeros never win over values that are not negative, and XNNPACK pads with zeros only.
      padded = windows.padExplicitly(name, source.tensor(), source.shape(), padding, behind);
    } else {
      padded = windows.padWithLowest(name, source.tensor(), source.shape(), padding, behind);
    }
    windows.pool(
        BuiltinOperator.MAX_POOL_2D,
        padded,
        target.tensor(),
        pool.kernel(),
        pool.stride(),
        target.activation());
  }

  /**
   * Whether some means are over fewer numbers than the kernel has and TFLite's SAME does not fit.
   */
  static boolean needsCorrection(Shape image, Shape result, Operation.AveragePool pool) {
    for (float share : corrections(image, result, pool)) {
      if (share != 1) {
        return !isSame(image, result, pool);
      }
    }
    return false;
  }

  private static boolean isSame(Shape image, Shape result, Operation.AveragePool pool) {
    // SAME counts no padding, so where padding counts it would be wrong.
    return !pool.countsPadding()
        && Windows.isSame(image, result, pool.kernel(), pool.stride(), pool.padding());
  }

  void average(String name, Source source, Target target, Operation.AveragePool pool) {
    Shape image = source.shape();
    Shape result = target.shape();
    if (isSame(image, result, pool)) {
      pool(new Windows.Padded(source.tensor(), Windows.SAME), target.tensor(), target, pool);
      return;
    }
    Extent behind = behind(image, result, pool.kernel(), pool.stride(), pool.padding());
    Windows.Padded padded =
        windows.padExplicitly(name, source.tensor(), image, pool.padding(), behind);
    if (!needsCorrection(image, result, pool)) {
      pool(padded, target.tensor(), target, pool);
      return;
    }
    int means = file.value(name + "/means", Layout.ofValue(result));
    Target plain = new Target(means, result, ActivationFunctionType.NONE);
    pool(padded, means, plain, pool);
    Shape shape = Shape.of(1, result.dimension(1), result.dimension(2), 1);
    int factors =
        file.constant(name + "/corrections", new Tensor(shape, corrections(image, result, pool)));
    new Elementwise(file).multiply(means, factors, target.tensor(), target.activation());
  }

  private void pool(Windows.Padded padded, int tensor, Target target, Operation.AveragePool pool) {
    windows.pool(
        BuiltinOperator.AVERAGE_POOL_2D,
        padded,
        tensor,
        pool.kernel(),
        pool.stride(),
        target.activation());
  }

  /** At each position, the size of the kernel by how many numbers the mean is over. */
  private static float[] corrections(Shape image, Shape result, Operation.AveragePool pool) {
    float[] corrections = new float[result.dimension(1) * result.dimension(2)];
    Arrays.fill(corrections, 1);
    if (pool.countsPadding()) {
      return corrections;
    }
    Extent kernel = pool.kernel();
    for (int i = 0; i < corrections.length; i++) {
      int row = i / result.dimension(2) * pool.stride().height() - pool.padding().height();
      int column = i % result.dimension(2) * pool.stride().width() - pool.padding().width();
      int counted =
          inside(row, kernel.height(), image.dimension(1))
              * inside(column, kernel.width(), image.dimension(2));
      corrections[i] = (float) (kernel.height() * kernel.width()) / counted;
    }
    return corrections;
  }

  private static int inside(int first, int kernel, int size) {
    return Math.min(first + kernel, size) - Math.max(first, 0);
  }

  /** The zeros behind the image that the last window reaches into. */
  private static Extent behind(
      Shape image, Shape result, Extent kernel, Extent stride, Extent padding) {
    int height = (result.dimension(1) - 1) * stride.height() + kernel.height();
    int width = (result.dimension(2) - 1) * stride.width() + kernel.width();
    return new Extent(
        Math.max(0, height - padding.height() - image.dimension(1)),
        Math.max(0, width - padding.width() - image.dimension(2)));
  }
}

package shallows.export.quantize.calibrate;

import java.util.Arrays;
import java.util.stream.IntStream;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;

/**
 * Second moments of the numbers that an output of a convolution is a weighted sum of, over images
 * and positions: with p those numbers in the network of floats and r the same ones where layers
 * before are rounded, both less their means,
 *
 * <pre>  own = E[r rᵀ],  cross = E[r pᵀ]</pre>
 *
 * @param own (K, K)
 * @param cross (K, K)
 * @param exactMean of p, (K)
 * @param roundedMean of r, (K)
 */
record PatchMoments(double[][] own, double[][] cross, double[] exactMean, double[] roundedMean) {
  /** Positions for each number of a patch, so that the moments are those of more than noise. */
  private static final int POSITIONS = 4;

  private static final int FEWEST = 2048;

  /**
   * @param input {@code (C, H, W)}
   * @param output {@code (O, H', W')}
   * @param kernel {@code (O, C / groups, kH, kW)}
   * @param group which of the groups
   * @param exact what the layer reads, image by image
   * @param rounded the same where layers before are rounded
   */
  static PatchMoments of(
      Operation.Conv2d conv,
      Shape input,
      Shape output,
      Shape kernel,
      int group,
      float[][] exact,
      float[][] rounded) {
    int size = kernel.size() / kernel.dimension(0);
    int positions = output.dimension(1) * output.dimension(2);
    int wanted = Math.max(FEWEST, POSITIONS * size);
    int each = Math.min(positions, (wanted + exact.length - 1) / exact.length);
    int count = each * exact.length;
    double[][] p = new double[count][size];
    double[][] r = new double[count][size];
    IntStream.range(0, exact.length)
        .parallel()
        .forEach(
            image -> {
              for (int k = 0; k < each; k++) {
                // Spread over the image, and in each image elsewhere.
                int at = (int) (((long) k * positions / each + 7L * image) % positions);
                int row = at / output.dimension(2);
                int column = at % output.dimension(2);
                int sample = image * each + k;
                cut(conv, input, kernel, group, row, column, exact[image], p[sample]);
                cut(conv, input, kernel, group, row, column, rounded[image], r[sample]);
              }
            });
    double[] exactMean = centered(p);
    double[] roundedMean = centered(r);
    return new PatchMoments(product(r, r), product(r, p), exactMean, roundedMean);
  }

  private static void cut(
      Operation.Conv2d conv,
      Shape input,
      Shape kernel,
      int group,
      int row,
      int column,
      float[] image,
      double[] patch) {
    int height = input.dimension(1);
    int width = input.dimension(2);
    int channels = kernel.dimension(1);
    int at = 0;
    for (int c = group * channels; c < (group + 1) * channels; c++) {
      for (int i = 0; i < kernel.dimension(2); i++) {
        int y =
            row * conv.stride().height() - conv.padding().height() + i * conv.dilation().height();
        for (int j = 0; j < kernel.dimension(3); j++) {
          int x =
              column * conv.stride().width() - conv.padding().width() + j * conv.dilation().width();
          boolean inside = y >= 0 && y < height && x >= 0 && x < width;
          patch[at++] = inside ? image[(c * height + y) * width + x] : 0;
        }
      }
    }
  }

  /** Takes from each column its mean. */
  private static double[] centered(double[][] rows) {
    double[] mean = new double[rows[0].length];
    for (double[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row[i] / rows.length;
      }
    }
    for (double[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        row[i] -= mean[i];
      }
    }
    return mean;
  }

  /** Σ a bᵀ / n: a row is summed in one thread, in one order. */
  private static double[][] product(double[][] a, double[][] b) {
    int size = a[0].length;
    double[][] product = new double[size][size];
    IntStream.range(0, size)
        .parallel()
        .forEach(
            i -> {
              double[] row = product[i];
              for (int n = 0; n < a.length; n++) {
                double factor = a[n][i];
                double[] other = b[n];
                if (factor != 0) {
                  for (int j = 0; j < size; j++) {
                    row[j] += factor * other[j];
                  }
                }
              }
              int samples = a.length;
              Arrays.setAll(row, j -> row[j] / samples);
            });
    return product;
  }
}

package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * The normal equations of a layer, summed over rows: one row for each image and each position that
 * the layer is applied at. A row is z, what the layer reads there, and r, what its network lacks
 * there. z is ordered by the position in the kernel, then by the channel, so that entry {@code p ·
 * C + c} is what weight {@code (o, c, p)} is multiplied with; behind them stands a 1, for the bias.
 *
 * @param channels C
 * @param positions in the kernel, rows first
 * @param outputs O
 * @param gram Σ z·zᵀ, a square matrix of {@link #size} rows: each up to the diagonal, one behind
 *     the other. Its last entry is how many rows there were
 * @param cross Σ z·rᵀ, {@code (C · positions + 1, O)}
 */
public record LayerSums(int channels, int positions, int outputs, double[] gram, double[] cross) {

  /** Of some of the rows, without the 1; read where LibTorch has them. */
  record OfPart(long rows, NDArray gram, NDArray cross, NDArray inputs, NDArray lacking)
      implements AutoCloseable {
    @Override
    public void close() {
      gram.close();
      cross.close();
      inputs.close();
      lacking.close();
    }
  }

  static LayerSums zeros(int channels, int positions, int outputs) {
    int size = channels * positions + 1;
    return new LayerSums(
        channels,
        positions,
        outputs,
        new double[Math.toIntExact((long) size * (size + 1) / 2)],
        new double[size * outputs]);
  }

  /** Length of z with its 1. */
  public int size() {
    return channels * positions + 1;
  }

  void add(OfPart part) {
    int last = size() - 1;
    FloatBuffer products = values(part.gram());
    FloatBuffer inputs = values(part.inputs());
    int next = 0;
    for (int i = 0; i < last; i++) {
      for (int j = 0; j <= i; j++) {
        gram[next++] += products.get(i * last + j);
      }
    }
    for (int i = 0; i < last; i++) {
      gram[next++] += inputs.get(i);
    }
    gram[next] += part.rows();
    FloatBuffer withLacking = values(part.cross());
    for (int i = 0; i < last * outputs; i++) {
      cross[i] += withLacking.get(i);
    }
    FloatBuffer lacking = values(part.lacking());
    for (int o = 0; o < outputs; o++) {
      cross[last * outputs + o] += lacking.get(o);
    }
  }

  private static FloatBuffer values(NDArray array) {
    return array.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}

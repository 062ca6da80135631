package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Optional;

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
  record OfPart(long rows, NDArray gram, NDArray inputs, Optional<Lacking> lacking)
      implements AutoCloseable {
    OfPart lacking(Lacking found) {
      return new OfPart(rows, gram, inputs, Optional.of(found));
    }

    @Override
    public void close() {
      gram.close();
      inputs.close();
      lacking.ifPresent(Lacking::close);
    }
  }

  /**
   * What the network lacks in those rows.
   *
   * @param cross with what the layer reads
   * @param sum of it
   */
  record Lacking(NDArray cross, NDArray sum) implements AutoCloseable {
    @Override
    public void close() {
      cross.close();
      sum.close();
    }
  }

  static LayerSums zeros(int channels, int positions, int outputs) {
    int size = channels * positions + 1;
    // Places in it are counted by products of two rows.
    int square = Math.multiplyExact(size, size + 1);
    return new LayerSums(
        channels, positions, outputs, new double[square / 2], new double[size * outputs]);
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
    part.lacking().ifPresent(this::add);
  }

  private void add(Lacking lacking) {
    int last = size() - 1;
    FloatBuffer products = values(lacking.cross());
    for (int i = 0; i < last * outputs; i++) {
      cross[i] += products.get(i);
    }
    FloatBuffer sum = values(lacking.sum());
    for (int o = 0; o < outputs; o++) {
      cross[last * outputs + o] += sum.get(o);
    }
  }

  private static FloatBuffer values(NDArray array) {
    return array.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}

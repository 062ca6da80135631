package shallows.train.engine;

/**
 * The normal equations of a layer, summed over rows: one row for each image and each position that
 * the layer is applied at. A row is z, what the layer reads there, and r, what its network lacks
 * there. z is ordered by the position in the kernel, then by the channel, so that entry {@code p ·
 * C + c} is what weight {@code (o, c, p)} is multiplied with; behind them stands a 1, for the bias.
 *
 * @param channels C
 * @param positions in the kernel, rows first
 * @param outputs O
 * @param gram Σ z·zᵀ, {@code (C · positions + 1)²}; its last entry is how many rows there were
 * @param cross Σ z·rᵀ, {@code (C · positions + 1, O)}
 */
public record LayerSums(int channels, int positions, int outputs, double[] gram, double[] cross) {

  /** Of some of the rows, without the 1. */
  record OfPart(long rows, float[] gram, float[] cross, float[] inputs, float[] lacking) {}

  static LayerSums zeros(int channels, int positions, int outputs) {
    int size = channels * positions + 1;
    return new LayerSums(
        channels,
        positions,
        outputs,
        new double[Math.multiplyExact(size, size)],
        new double[size * outputs]);
  }

  /** Length of z with its 1. */
  public int size() {
    return channels * positions + 1;
  }

  void add(OfPart part) {
    int size = size();
    int last = size - 1;
    for (int i = 0; i < last; i++) {
      for (int j = 0; j < last; j++) {
        gram[i * size + j] += part.gram()[i * last + j];
      }
      gram[i * size + last] += part.inputs()[i];
      gram[last * size + i] += part.inputs()[i];
    }
    gram[last * size + last] += part.rows();
    for (int i = 0; i < last * outputs; i++) {
      cross[i] += part.cross()[i];
    }
    for (int o = 0; o < outputs; o++) {
      cross[last * outputs + o] += part.lacking()[o];
    }
  }
}

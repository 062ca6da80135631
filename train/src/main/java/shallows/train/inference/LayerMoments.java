package shallows.train.inference;

/**
 * The normal equations of a layer, summed over images and the positions that it is applied at. A
 * row is z, what the layer reads there, and r, what its network lacks there. z is ordered by the
 * position in the kernel, then by the channel, so that entry {@code p · C + c} is what weight
 * {@code (o, c, p)} is multiplied with; behind them stands a 1, for the bias.
 *
 * @param channels C
 * @param positions in the kernel, rows first
 * @param outputs O
 * @param gram Σ z·zᵀ, a square matrix of {@link #size} rows: each up to the diagonal, one behind
 *     the other. Its last entry is how many rows there were
 * @param cross Σ z·rᵀ, {@code (C · positions + 1, O)}
 */
public record LayerMoments(
    int channels, int positions, int outputs, double[] gram, double[] cross) {

  /** Length of z with its 1. */
  public int size() {
    return channels * positions + 1;
  }

  /** Σ zᵢ·zⱼ, of any two. */
  public double gram(int i, int j) {
    int row = Math.max(i, j);
    return gram[row * (row + 1) / 2 + Math.min(i, j)];
  }
}

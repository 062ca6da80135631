package shallows.model.images;

/**
 * Images of another size or other channels than they are kept in, made anew each time they are
 * asked for: what a small picture becomes for a network of large ones may not fit into memory.
 */
final class FittedPixels implements PixelStore {
  private final LabelledImages kept;
  private final int channels;
  private final int height;
  private final int width;

  /**
   * @param kept row i is its image i
   */
  FittedPixels(LabelledImages kept, int channels, int height, int width) {
    this.kept = kept;
    this.channels = channels;
    this.height = height;
    this.width = width;
  }

  @Override
  public byte[] array(int row) {
    return new ImagePixels(kept.channels(), kept.height(), kept.width(), kept.image(row))
        .withChannels(channels)
        .fitted(height, width)
        .bytes();
  }

  @Override
  public int offset(int row) {
    return 0;
  }

  @Override
  public void readAhead(int[] rows) {
    kept.readAhead(rows);
  }

  @Override
  public long waitedNanos() {
    return kept.waitedNanos();
  }
}

package shallows.data;

/** The order of the axes in a batch of images, row-major. */
public enum PixelOrder {
  /** {@code (N, C, H, W)}, as graphs and runtimes take it. */
  CHANNELS_FIRST,
  /** {@code (N, H, W, C)}, as images are stored and as training is fastest. */
  CHANNELS_LAST;

  /**
   * Writes one normalized image.
   *
   * @param pixels hold the image, {@code (H, W, C)}, from {@code in} on
   * @param count of values in it: {@code H * W * C}
   * @param table of {@link Normalization#table}, for C channels
   * @param target gets the image, from {@code out} on
   */
  void write(byte[] pixels, int in, int count, float[] table, float[] target, int out) {
    int channels = table.length / Normalization.LEVELS;
    int end = in + count;
    int to = out;
    if (this == CHANNELS_LAST) {
      int from = in;
      while (from < end) {
        for (int c = 0; c < channels; c++) {
          target[to++] = table[c * Normalization.LEVELS + (pixels[from++] & 0xff)];
        }
      }
      return;
    }
    for (int c = 0; c < channels; c++) {
      int base = c * Normalization.LEVELS;
      for (int p = in + c; p < end; p += channels) {
        target[to++] = table[base + (pixels[p] & 0xff)];
      }
    }
  }
}

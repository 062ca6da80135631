package shallows.train.engine;

/**
 * Which branches run in a step, and for which images they count.
 *
 * @param on block by block whether it runs, unscaled; null runs all, each branch scaled by its
 *     factor
 * @param kept block by block and image by image whether the branch counts; an image without it has
 *     the shortcut alone. Null where blocks are on or off for all images alike
 */
public record Gates(boolean[] on, boolean[][] kept) {
  /** Every block runs, its branch scaled by its factor. */
  public static final Gates SCALED = new Gates(null, null);

  /** One gate for each block. */
  public static Gates perBatch(boolean[] on) {
    return new Gates(on, null);
  }

  /**
   * One gate for each block and image. A block runs if any image keeps it.
   *
   * @param kept block by block, {@code (N)}
   */
  public static Gates perSample(boolean[][] kept) {
    boolean[] on = new boolean[kept.length];
    for (int b = 0; b < on.length; b++) {
      for (boolean image : kept[b]) {
        on[b] |= image;
      }
    }
    return new Gates(on, kept);
  }
}

package shallows.model.images;

/** The order of the axes in a batch of images, row-major. */
public enum PixelOrder {
  /** {@code (N, C, H, W)}, as graphs and runtimes take it. */
  CHANNELS_FIRST,
  /** {@code (N, H, W, C)}, as images are stored and as training is fastest. */
  CHANNELS_LAST
}

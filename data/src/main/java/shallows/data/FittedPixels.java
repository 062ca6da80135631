package shallows.data;

import java.util.OptionalLong;
import java.util.stream.IntStream;
import shallows.data.decode.ImagePixels;

/**
 * Images of another size or other channels than they are kept in, made anew each time they are
 * asked for: what a small picture becomes for a network of large ones may not fit into memory.
 */
final class FittedPixels implements PixelStore {
  /** Of the heap, that images of another size may take. */
  private static final double SHARE = 0.1;

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

  /**
   * In memory where that takes little of it.
   *
   * @throws shallows.model.BadInputException when one of them alone is more than an array holds
   */
  static PixelStore of(LabelledImages kept, int channels, int height, int width) {
    FittedPixels anew = new FittedPixels(kept, channels, height, width);
    int each = ImagePixels.bytes(kept.name(), 1, kept.size(), channels, height, width);
    if (!fitInMemory((long) each * kept.size(), Runtime.getRuntime().maxMemory())) {
      return anew;
    }
    byte[] fitted = new byte[each * kept.size()];
    kept.readAhead();
    IntStream.range(0, kept.size())
        .parallel()
        .forEach(i -> System.arraycopy(anew.array(i), 0, fitted, i * each, each));
    return new NamedPixels(
        new PixelsInMemory(fitted, each), kept::source, row -> OptionalLong.of(kept.content(row)));
  }

  /**
   * @param heap in bytes, at its largest
   */
  static boolean fitInMemory(long bytes, long heap) {
    return bytes <= Math.min(ImagePixels.LARGEST_ARRAY, heap * SHARE);
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

  /** That of what was fitted: the same pictures stay the same. */
  @Override
  public OptionalLong content(int row) {
    return OptionalLong.of(kept.content(row));
  }

  @Override
  public String source(int row) {
    return kept.source(row);
  }

  @Override
  public long waitedNanos() {
    return kept.waitedNanos();
  }
}

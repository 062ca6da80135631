package shallows.data;

import java.util.OptionalLong;
import java.util.function.IntFunction;

/**
 * Pixels whose images have names that people know them by.
 *
 * @param store of the pixels
 * @param names of each row
 * @param contents {@link ContentHash} of each row, where it is known
 */
public record NamedPixels(
    PixelStore store, IntFunction<String> names, IntFunction<OptionalLong> contents)
    implements PixelStore {
  /** Contents are asked of the pixels. */
  public NamedPixels(PixelStore store, IntFunction<String> names) {
    this(store, names, row -> OptionalLong.empty());
  }

  @Override
  public String source(int row) {
    return names.apply(row);
  }

  @Override
  public OptionalLong content(int row) {
    return contents.apply(row);
  }

  @Override
  public byte[] array(int row) {
    return store.array(row);
  }

  @Override
  public int offset(int row) {
    return store.offset(row);
  }

  @Override
  public void readAhead(int[] rows) {
    store.readAhead(rows);
  }

  @Override
  public long waitedNanos() {
    return store.waitedNanos();
  }
}

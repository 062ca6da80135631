package shallows.data.decode;

import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * Lets as many pictures be decoded at the same time as a quarter of the heap holds; the others
 * wait. Which pixels come out does not depend on it, nor on the heap. One for the whole program, as
 * the heap is.
 */
final class DecodingRoom {
  private static final int UNIT = 1 << 20;
  private static final int UNITS =
      (int) Math.max(1, Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 4 / UNIT));

  /** In turn, so that a large picture gets its room too. */
  private static final Semaphore FREE = new Semaphore(UNITS, true);

  private DecodingRoom() {}

  @FunctionalInterface
  interface Decoding<T> {
    T run() throws IOException;
  }

  /**
   * @param bytes that the work takes at its highest; more than there are is all of them
   */
  static <T> T within(long bytes, Decoding<T> work) throws IOException {
    int units = (int) Math.min(UNITS, 1 + bytes / UNIT);
    FREE.acquireUninterruptibly(units);
    try {
      return work.run();
    } finally {
      FREE.release(units);
    }
  }
}

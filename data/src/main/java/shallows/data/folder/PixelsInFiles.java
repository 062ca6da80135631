package shallows.data.folder;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import shallows.data.PixelStore;
import shallows.data.decode.ImageDecoder;

/**
 * Images that are decoded when they are asked for, or on threads of their own before, where it is
 * known what comes next. Some memory keeps the first ones that were decoded, so that of a set
 * slightly too large for it only the rest is decoded again and again. Which ones does not matter:
 * every image is asked for as often as any other.
 *
 * <p>What comes out does not depend on the threads, only how long it takes.
 */
final class PixelsInFiles implements PixelStore {
  /** Decoded images that wait to be asked for: enough to even out a few large ones. */
  private static final long AHEAD_BYTES = 32L << 20;

  private static final int LEAST_AHEAD = 16;
  private static final int MOST_AHEAD = 1024;
  private static final long IDLE_SECONDS = 2;

  private final List<Path> files;
  private final Function<Path, byte[]> decoder;
  private final int ahead;
  private final ThreadPoolExecutor threads;

  // All below is guarded by this object.
  private final byte[][] kept;
  private long memory;
  private int[] plan = {};
  private int planned;
  private final Map<Integer, Future<byte[]>> decoding = new HashMap<>();
  private long waited;

  /**
   * @param files row by row
   * @param memory bytes of decoded images that may be kept
   */
  PixelsInFiles(List<Path> files, int channels, int height, int width, long memory) {
    this(
        files,
        (long) channels * height * width,
        file -> ImageDecoder.decode(file, channels, height, width),
        memory);
  }

  /**
   * @param imageBytes of each image
   * @param decoder of a file, called by several threads at once
   */
  PixelsInFiles(List<Path> files, long imageBytes, Function<Path, byte[]> decoder, long memory) {
    this.files = List.copyOf(files);
    this.decoder = decoder;
    this.memory = memory;
    kept = new byte[files.size()][];
    long fitting = AHEAD_BYTES / imageBytes;
    ahead = (int) Math.max(LEAST_AHEAD, Math.min(MOST_AHEAD, fitting));
    int processors = Runtime.getRuntime().availableProcessors();
    threads =
        new ThreadPoolExecutor(
            processors,
            processors,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "decode");
              thread.setDaemon(true);
              return thread;
            });
    // Nobody closes a set of images; threads that find nothing to do end by themselves.
    threads.allowCoreThreadTimeOut(true);
  }

  @Override
  public byte[] array(int row) {
    Future<byte[]> coming;
    synchronized (this) {
      if (kept[row] != null) {
        return kept[row];
      }
      coming = decoding.remove(row);
      decodeAhead();
    }
    long begin = System.nanoTime();
    byte[] image = coming == null ? decode(row) : await(coming);
    synchronized (this) {
      waited += System.nanoTime() - begin;
      keep(row, image);
    }
    return image;
  }

  @Override
  public int offset(int row) {
    return 0;
  }

  @Override
  public synchronized void readAhead(int[] rows) {
    decoding.values().forEach(image -> image.cancel(false));
    decoding.clear();
    plan = rows.clone();
    planned = 0;
    decodeAhead();
  }

  @Override
  public synchronized long waitedNanos() {
    return waited;
  }

  private void decodeAhead() {
    for (; planned < plan.length && decoding.size() < ahead; planned++) {
      int row = plan[planned];
      if (kept[row] == null && !decoding.containsKey(row)) {
        decoding.put(row, threads.submit(() -> decode(row)));
      }
    }
  }

  /** Keeps an image that was decoded if there is room. */
  synchronized void keep(int row, byte[] image) {
    if (kept[row] == null && image.length <= memory) {
      kept[row] = image;
      memory -= image.length;
    }
  }

  private byte[] decode(int row) {
    return decoder.apply(files.get(row));
  }

  private static byte[] await(Future<byte[]> image) {
    try {
      return image.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        // An image that was whole when the set was opened and no longer is.
        throw cause;
      }
      throw new IllegalStateException("a decoding thread failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while an image was decoded", e);
    }
  }
}

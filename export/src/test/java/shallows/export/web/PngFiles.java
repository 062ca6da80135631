package shallows.export.web;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/**
 * PNG files of every kind that the standard has, put together by hand: Java's own writer makes few
 * of them.
 */
final class PngFiles {
  private static final int[][] ADAM7 = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };
  private static final int[][] DEPTHS = {
    {1, 2, 4, 8, 16}, {}, {8, 16}, {1, 2, 4, 8}, {8, 16}, {}, {8, 16}
  };
  private static final int[] SAMPLES = {1, 0, 3, 1, 2, 0, 4};
  private static final int FILTERS = 5;

  private PngFiles() {}

  /**
   * @param type of colour: 0 grey, 2 colours, 3 palette, 4 grey and alpha, 6 colours and alpha
   * @param depth bits a sample
   * @param transparent with a {@code tRNS} chunk
   * @param orientation by EXIF, 0 without
   */
  record Kind(
      int type,
      int depth,
      int height,
      int width,
      boolean transparent,
      boolean interlaced,
      int orientation) {}

  static List<Kind> kinds() {
    List<Kind> kinds = new ArrayList<>();
    for (int type = 0; type < DEPTHS.length; type++) {
      for (int depth : DEPTHS[type]) {
        for (boolean interlaced : new boolean[] {false, true}) {
          kinds.add(new Kind(type, depth, 23, 37, false, interlaced, 0));
          if (type < 4) {
            kinds.add(new Kind(type, depth, 23, 37, true, interlaced, 0));
          }
        }
      }
    }
    for (int orientation = 1; orientation <= 9; orientation++) {
      kinds.add(new Kind(2, 8, 23, 37, false, false, orientation));
    }
    return kinds;
  }

  /** With pixels by chance, and each row filtered another way than the last. */
  static byte[] file(Kind kind) throws IOException {
    Random random = new Random(kind.hashCode());
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    DataOutputStream numbers = new DataOutputStream(head);
    numbers.writeInt(kind.width());
    numbers.writeInt(kind.height());
    numbers.write(new byte[] {(byte) kind.depth(), (byte) kind.type(), 0, 0});
    numbers.write(kind.interlaced() ? 1 : 0);
    chunk(file, "IHDR", head.toByteArray());
    if (kind.type() == 3) {
      chunk(file, "PLTE", bytes(random, 3 << kind.depth()));
    }
    if (kind.transparent()) {
      // Of a palette the alphas of some entries; else the value that is transparent.
      chunk(file, "tRNS", kind.type() == 3 ? bytes(random, 1 << kind.depth() - 1) : key(kind));
    }
    if (kind.orientation() > 0) {
      // One entry of a TIFF directory: tag 274, one number of 16 bits.
      byte[] exif = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0};
      exif[19] = (byte) kind.orientation();
      chunk(file, "eXIf", exif);
    }
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflated = new DeflaterOutputStream(data)) {
      int[][] passes = kind.interlaced() ? ADAM7 : new int[][] {{0, 0, 1, 1}};
      int row = 0;
      for (int[] pass : passes) {
        int across = (kind.width() - pass[0] + pass[2] - 1) / pass[2];
        for (int y = pass[1]; y < kind.height() && across > 0; y += pass[3]) {
          // Filtered bytes by chance are pixels by chance, whatever the filter.
          deflated.write(row++ % FILTERS);
          int bits = across * SAMPLES[kind.type()] * kind.depth();
          byte[] pixels = bytes(random, (bits + 7) / 8);
          if (kind.transparent() && row % 3 == 1) {
            // Rows of the transparent value, where unfiltered.
            java.util.Arrays.fill(pixels, (byte) 0);
          }
          deflated.write(pixels);
        }
      }
    }
    byte[] all = data.toByteArray();
    int half = all.length / 2;
    chunk(file, "IDAT", java.util.Arrays.copyOf(all, half));
    chunk(file, "IDAT", java.util.Arrays.copyOfRange(all, half, all.length));
    chunk(file, "IEND", new byte[0]);
    return file.toByteArray();
  }

  private static byte[] key(Kind kind) {
    return new byte[2 * SAMPLES[kind.type()]];
  }

  private static byte[] bytes(Random random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static void chunk(ByteArrayOutputStream file, String type, byte[] content)
      throws IOException {
    DataOutputStream out = new DataOutputStream(file);
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(content);
    out.writeInt(content.length);
    out.write(name);
    out.write(content);
    out.writeInt((int) sum.getValue());
  }
}

package shallows.data.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import shallows.data.decode.ImagePixels;

/**
 * The content of one file of MNIST's IDX format: a magic number, which names the type (8: unsigned
 * bytes) and the number of axes, the length of each axis as big-endian int, then the bytes. A file
 * is packed with gzip when its name ends in {@code .gz}, and only then.
 *
 * @param shape the length of each axis
 * @param bytes unsigned, as many as the product of the shape
 */
public record IdxFile(int[] shape, byte[] bytes) {
  private static final int UNSIGNED_BYTES = 0x0800;
  private static final int LABELS = UNSIGNED_BYTES | 1;
  private static final int IMAGES = UNSIGNED_BYTES | 3;

  /** Reads {@code (N)} labels. */
  static IdxFile readLabels(Path file) {
    return read(file, LABELS);
  }

  /** Reads {@code (N, H, W)} images. */
  static IdxFile readImages(Path file) {
    return read(file, IMAGES);
  }

  /** Reads {@code (N)} labels or {@code (N, H, W)} images from a packed resource. */
  public static IdxFile readPacked(String where, InputStream packed, boolean images)
      throws IOException {
    return read(where, new GZIPInputStream(packed, 1 << 16), images ? IMAGES : LABELS);
  }

  private static IdxFile read(Path file, int magic) {
    return DataFile.read(file, "an IDX file", in -> read(file, in, magic));
  }

  /**
   * @param where the file's name, for messages
   * @param in unpacked; read to its end
   */
  private static IdxFile read(Object where, InputStream in, int magic) throws IOException {
    int found = nextInt(in);
    if (found != magic) {
      throw DataFile.bad(
          where,
          "the magic number " + kind(magic),
          kind(found),
          found == LABELS || found == IMAGES
              ? "swap the files of images and labels"
              : "give an IDX file of unsigned bytes",
          null);
    }
    int[] shape = new int[magic & 0xff];
    long expected = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = nextInt(in);
      // No overflow: both factors are ints.
      expected *= shape[i];
      if (shape[i] < 1 || expected > ImagePixels.LARGEST_ARRAY) {
        throw DataFile.bad(
            where,
            "axes of at least 1 and at most 2 GB in all",
            "the lengths " + Arrays.toString(Arrays.copyOf(shape, i + 1)),
            "copy or download it again",
            null);
      }
    }
    byte[] bytes = in.readNBytes((int) expected);
    String content = expected + " bytes for the shape " + Arrays.toString(shape);
    if (bytes.length < expected) {
      String end = "the end after " + bytes.length + ": the file is truncated";
      throw DataFile.bad(where, content, end, "copy or download it again", null);
    }
    if (in.read() != -1) {
      throw DataFile.bad(where, content, "more", "copy or download it again", null);
    }
    return new IdxFile(shape, bytes);
  }

  private static int nextInt(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(Integer.BYTES);
    if (bytes.length < Integer.BYTES) {
      throw new EOFException();
    }
    return ByteBuffer.wrap(bytes).getInt();
  }

  private static String kind(int magic) {
    if (magic == LABELS) {
      return magic + " (labels)";
    }
    return magic == IMAGES ? magic + " (images)" : Integer.toString(magic);
  }
}

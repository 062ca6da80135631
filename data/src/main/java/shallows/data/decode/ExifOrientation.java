package shallows.data.decode;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The tag of a picture file that says how the camera was held (EXIF 2.32, tag 274): 1 upright, 2
 * mirrored, 3 upside down, 4 mirrored upside down, 5 to 8 lying on their side. {@link
 * ImagePixels#upright} turns by it. It stands in the first directory of a TIFF structure, which is
 * the file itself (TIFF) or a part of it (JPEG: the segment APP1, PNG: the chunk eXIf, WebP: the
 * chunk EXIF). HEIF files have a turn of their own, which their decoders carry out.
 *
 * <p>Read forwards only and with no class of a desktop's Java: the app has this source too.
 */
public final class ExifOrientation {
  /** What a picture without the tag, or with a wrong one, is taken for. */
  public static final int UPRIGHT = 1;

  private static final int LAST = 8;
  private static final int TAG = 274;
  private static final int SHORT = 3;
  private static final int LONG = 4;

  /** A part is read so far at most; the first directory stands at its start. */
  private static final int PART = 1 << 16;

  private static final byte[] EXIF = {'E', 'x', 'i', 'f', 0, 0};

  private ExifOrientation() {}

  /**
   * @param file from its start; not closed
   * @return 1 to 8
   * @throws IOException when the stream cannot be read; what is damaged is upright
   */
  public static int of(InputStream file) throws IOException {
    try {
      byte[] start = read(file, 8);
      if (u16(start, 0, false) == 0xffd8) {
        return ofJpeg(start, file);
      }
      if (is(start, 1, "PNG")) {
        return ofPng(file);
      }
      if (is(start, 0, "RIFF")) {
        return ofWebp(file);
      }
      return ofTiff(start, file);
    } catch (EOFException e) {
      return UPRIGHT;
    }
  }

  private static int ofJpeg(byte[] start, InputStream file) throws IOException {
    // Marker and length of the first segment are read already, and two bytes of it.
    byte[] head = {start[2], start[3], start[4], start[5]};
    byte[] begun = {start[6], start[7]};
    while (true) {
      int marker = u16(head, 0, false);
      int length = u16(head, 2, false) - 2;
      // From 0xffda, start of scan, on there are only pixels.
      if (marker < 0xffc0 || marker == 0xffda || length < begun.length) {
        return UPRIGHT;
      }
      byte[] segment = new byte[length];
      System.arraycopy(begun, 0, segment, 0, begun.length);
      byte[] rest = read(file, length - begun.length);
      System.arraycopy(rest, 0, segment, begun.length, rest.length);
      if (marker == 0xffe1 && startsWithExif(segment)) {
        return ofPart(segment);
      }
      head = read(file, 4);
      begun = new byte[0];
    }
  }

  private static int ofPng(InputStream file) throws IOException {
    while (true) {
      byte[] head = read(file, 8);
      long length = u32(head, 0, false);
      if (is(head, 4, "eXIf")) {
        return ofPart(read(file, (int) Math.min(length, PART)));
      }
      if (is(head, 4, "IEND")) {
        return UPRIGHT;
      }
      skip(file, length + 4);
    }
  }

  private static int ofWebp(InputStream file) throws IOException {
    if (!is(read(file, 4), 0, "WEBP")) {
      return UPRIGHT;
    }
    while (true) {
      byte[] head = read(file, 8);
      long length = u32(head, 4, true);
      if (is(head, 0, "EXIF")) {
        return ofPart(read(file, (int) Math.min(length, PART)));
      }
      skip(file, length + (length & 1));
    }
  }

  /** With or without the name before the TIFF structure: writers of WebP do both. */
  private static int ofPart(byte[] part) throws IOException {
    InputStream in = new ByteArrayInputStream(part);
    if (startsWithExif(part)) {
      skip(in, EXIF.length);
    }
    return ofTiff(read(in, 8), in);
  }

  private static int ofTiff(byte[] start, InputStream in) throws IOException {
    boolean little = is(start, 0, "II");
    if (!little && !is(start, 0, "MM") || u16(start, 2, little) != 42) {
      return UPRIGHT;
    }
    long directory = u32(start, 4, little);
    if (directory < start.length) {
      return UPRIGHT;
    }
    skip(in, directory - start.length);
    int entries = u16(read(in, 2), 0, little);
    for (int i = 0; i < entries; i++) {
      byte[] entry = read(in, 12);
      if (u16(entry, 0, little) == TAG) {
        int type = u16(entry, 2, little);
        long value =
            type == SHORT ? u16(entry, 8, little) : type == LONG ? u32(entry, 8, little) : 0;
        return value >= UPRIGHT && value <= LAST ? (int) value : UPRIGHT;
      }
    }
    return UPRIGHT;
  }

  private static boolean startsWithExif(byte[] part) {
    return part.length >= EXIF.length && is(part, 0, new String(EXIF, StandardCharsets.US_ASCII));
  }

  private static boolean is(byte[] bytes, int at, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (bytes[at + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static int u16(byte[] bytes, int at, boolean little) {
    int first = bytes[at] & 0xff;
    int second = bytes[at + 1] & 0xff;
    return little ? second << 8 | first : first << 8 | second;
  }

  private static long u32(byte[] bytes, int at, boolean little) {
    long first = u16(bytes, at, little);
    long second = u16(bytes, at + 2, little);
    return little ? second << 16 | first : first << 16 | second;
  }

  private static byte[] read(InputStream in, int count) throws IOException {
    byte[] bytes = new byte[count];
    int read = 0;
    while (read < count) {
      int more = in.read(bytes, read, count - read);
      if (more < 0) {
        throw new EOFException();
      }
      read += more;
    }
    return bytes;
  }

  private static void skip(InputStream in, long count) throws IOException {
    long left = count;
    while (left > 0) {
      long skipped = in.skip(left);
      if (skipped <= 0) {
        if (in.read() < 0) {
          throw new EOFException();
        }
        skipped = 1;
      }
      left -= skipped;
    }
  }
}

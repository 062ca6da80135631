package shallows.data.decode;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;

/** Picture files put together byte by byte, with parts that writers of Java do not write. */
public final class PictureBytes {
  private PictureBytes() {}

  /** A file of one of the formats that Java writes. */
  public static byte[] written(BufferedImage image, String format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalArgumentException("no writer for " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A TIFF structure whose first directory has a camera's name and this orientation. */
  public static byte[] exif(int orientation, ByteOrder order) {
    ByteBuffer out = ByteBuffer.allocate(8 + 2 + 2 * 12 + 4).order(order);
    header(out, 8).putShort((short) 2);
    entry(out, 271, 2, 3, 'X');
    entry(out, 274, 3, 1, orientation);
    return out.putInt(0).array();
  }

  /** As the segment APP1 of a JPEG file. */
  public static byte[] withExif(byte[] jpeg, byte[] tiff) {
    return withSegment(jpeg, 0xe1, concat(latin("Exif\0\0"), tiff));
  }

  /** With a colour profile. */
  public static byte[] jpegWithProfile(byte[] jpeg, byte[] profile) {
    return withSegment(jpeg, 0xe2, concat(latin("ICC_PROFILE\0\1\1"), profile));
  }

  private static byte[] withSegment(byte[] jpeg, int marker, byte[] content) {
    // JFIF's own segment stays the first.
    int first = (jpeg[3] & 0xff) == 0xe0 ? 4 + ByteBuffer.wrap(jpeg).getShort(4) : 2;
    byte[] head =
        ByteBuffer.allocate(4)
            .putShort((short) (0xff00 | marker))
            .putShort((short) (content.length + 2))
            .array();
    return concat(
        Arrays.copyOf(jpeg, first), head, content, Arrays.copyOfRange(jpeg, first, jpeg.length));
  }

  /** With a chunk behind the head. */
  public static byte[] withChunk(byte[] png, String type, byte[] content) {
    int head = 8 + 25;
    byte[] named = concat(latin(type), content);
    CRC32 checksum = new CRC32();
    checksum.update(named);
    return concat(
        Arrays.copyOf(png, head),
        ByteBuffer.allocate(4).putInt(content.length).array(),
        named,
        ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array(),
        Arrays.copyOfRange(png, head, png.length));
  }

  /** With a colour profile. */
  public static byte[] pngWithProfile(byte[] png, byte[] profile) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed, new Deflater())) {
      out.write(profile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return withChunk(png, "iCCP", concat(latin("mine\0\0"), packed.toByteArray()));
  }

  /**
   * A WebP file with a tag of orientation behind the picture, as cameras write it.
   *
   * @param simple a file of the picture alone
   */
  public static byte[] webpWithExif(byte[] simple, int width, int height, byte[] tiff) {
    byte[] extended = new byte[10];
    extended[0] = 8; // It has EXIF.
    extended[4] = (byte) (width - 1);
    extended[7] = (byte) (height - 1);
    byte[] content =
        concat(
            latin("WEBP"),
            riff("VP8X", extended),
            Arrays.copyOfRange(simple, 12, simple.length),
            riff("EXIF", tiff));
    return riff("RIFF", content);
  }

  private static byte[] riff(String type, byte[] content) {
    ByteBuffer out =
        ByteBuffer.allocate(8 + content.length + content.length % 2).order(ByteOrder.LITTLE_ENDIAN);
    return out.put(latin(type)).putInt(content.length).put(content).array();
  }

  /**
   * An uncompressed TIFF file, its directory at the end.
   *
   * @param photometric 0 and 1 grey, 2 colour, 5 inks
   * @param pixels row by row
   * @param profile of colour; empty for none
   */
  public static byte[] tiff(
      ByteOrder order,
      int width,
      int height,
      int photometric,
      int samples,
      int bits,
      int orientation,
      byte[] pixels,
      byte[] profile) {
    int directory = 8 + pixels.length + profile.length + 2 * samples;
    directory += directory % 2;
    ByteBuffer out = ByteBuffer.allocate(directory + 2 + 12 * 12 + 4).order(order);
    header(out, directory).put(pixels).put(profile);
    int bitsAt = out.position();
    for (int i = 0; i < samples; i++) {
      out.putShort((short) bits);
    }
    out.position(directory).putShort((short) (profile.length > 0 ? 12 : 11));
    entry(out, 256, 3, 1, width);
    entry(out, 257, 3, 1, height);
    if (samples == 1) {
      entry(out, 258, 3, 1, bits);
    } else {
      entry(out, 258, 3, samples, bitsAt);
    }
    entry(out, 259, 3, 1, 1);
    entry(out, 262, 3, 1, photometric);
    entry(out, 273, 4, 1, 8);
    entry(out, 274, 3, 1, orientation);
    entry(out, 277, 3, 1, samples);
    entry(out, 278, 3, 1, height);
    entry(out, 279, 4, 1, pixels.length);
    entry(out, 284, 3, 1, 1);
    if (profile.length > 0) {
      entry(out, 34675, 7, profile.length, 8 + pixels.length);
    }
    return Arrays.copyOf(out.array(), out.putInt(0).position());
  }

  private static ByteBuffer header(ByteBuffer out, int directory) {
    out.put(latin(out.order() == ByteOrder.LITTLE_ENDIAN ? "II" : "MM"));
    return out.putShort((short) 42).putInt(directory);
  }

  private static void entry(ByteBuffer out, int tag, int type, int count, int value) {
    out.putShort((short) tag).putShort((short) type).putInt(count);
    if (type == 3 && count == 1) {
      out.putShort((short) value).putShort((short) 0);
    } else {
      out.putInt(value);
    }
  }

  public static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  public static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  public static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}

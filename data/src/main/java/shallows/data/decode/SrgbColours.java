package shallows.data.decode;

import com.twelvemonkeys.imageio.color.ColorProfiles;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.InflaterInputStream;

/**
 * Colours by the profile that a picture came with (wide gamuts of phones and screens) as sRGB,
 * which networks and all that has no profile means.
 */
final class SrgbColours {
  /** Rows converted at a time. */
  private static final int ROWS = 64;

  /** Profiles have a few hundred bytes to some megabytes. */
  private static final int LARGEST_PROFILE = 16 << 20;

  private static final int PNG_SIGNATURE = 8;

  private SrgbColours() {}

  /**
   * @param image red, green and blue by {@code profile}; changed in place
   * @param profile a damaged one, or one of other colours, counts for nothing
   */
  static void convert(ImagePixels image, ICC_Profile profile) {
    try {
      ICC_Profile valid = ColorProfiles.validateProfile(profile);
      if (valid.getColorSpaceType() == ColorSpace.TYPE_RGB && !ColorProfiles.isCS_sRGB(valid)) {
        ICC_Profile srgb = ICC_Profile.getInstance(ColorSpace.CS_sRGB);
        convert(image, new ColorConvertOp(new ICC_Profile[] {valid, srgb}, null));
      }
    } catch (RuntimeException unusable) {
      // Java's colour management answers damaged profiles with exceptions of all kinds.
    }
  }

  private static void convert(ImagePixels image, ColorConvertOp conversion) {
    int width = image.width();
    DataBuffer all = new DataBufferByte(image.bytes(), image.bytes().length);
    int[] bands = {0, 1, 2};
    for (int y = 0; y < image.height(); y += ROWS) {
      int rows = Math.min(ROWS, image.height() - y);
      WritableRaster part =
          Raster.createInterleavedRaster(all, width, image.height(), 3 * width, 3, bands, null)
              .createWritableChild(0, y, width, rows, 0, 0, bands);
      WritableRaster converted =
          Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, rows, 3, null);
      conversion.filter(part, converted);
      byte[] bytes = ((DataBufferByte) converted.getDataBuffer()).getData();
      System.arraycopy(bytes, 0, image.bytes(), 3 * width * y, bytes.length);
    }
  }

  /** The profile of a PNG file, which Java's reader passes over; it stands before the pixels. */
  static Optional<ICC_Profile> ofPng(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file);
    int at = PNG_SIGNATURE;
    while (at + 12L <= file.length) {
      int length = in.getInt(at);
      String type = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
      if (length < 0 || type.equals("IDAT")) {
        break;
      }
      if (type.equals("iCCP") && at + 12L + length <= file.length) {
        return profile(file, at + 8, length);
      }
      at = (int) Math.min(Integer.MAX_VALUE, at + 12L + length);
    }
    return Optional.empty();
  }

  /** A name that ends in 0, the method of compression (0), and the profile by zlib. */
  private static Optional<ICC_Profile> profile(byte[] file, int from, int length) {
    try (DataInputStream chunk =
        new DataInputStream(new ByteArrayInputStream(file, from, length))) {
      while (chunk.readByte() != 0) {
        // The name tells nothing.
      }
      chunk.readByte();
      byte[] profile = new InflaterInputStream(chunk).readNBytes(LARGEST_PROFILE);
      return Optional.of(ColorProfiles.createProfile(profile));
    } catch (IOException | RuntimeException damaged) {
      return Optional.empty();
    }
  }
}

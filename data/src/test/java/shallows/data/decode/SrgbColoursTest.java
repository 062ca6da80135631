package shallows.data.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.SampleImages;

class SrgbColoursTest {
  /**
   * Display P3, as phones write it: XYZ of red, green and blue, for the white of profiles (D50).
   */
  private static final double[][] P3 = {
    {0.51512, 0.24120, -0.00105}, {0.29198, 0.69225, 0.04189}, {0.15710, 0.06657, 0.78407}
  };

  private static final int COLOUR = 0xb46432;

  /** {@link #COLOUR} of P3 by the formulas of both: linear light, a matrix, the curve of sRGB. */
  private static final int[] IN_SRGB = {193, 95, 34};

  /** Management of colours rounds; JPEG loses up to this too. */
  private static final int ROUNDING = 3;

  @TempDir Path folder;

  @Test
  void wideGamutsBecomeSrgbInEveryFormat() throws IOException {
    byte[] profile = p3();
    byte[] png = PictureBytes.written(SampleImages.colour(16, 16, COLOUR), "png");
    byte[] jpeg = PictureBytes.written(SampleImages.colour(16, 16, COLOUR), "jpg");
    byte[] pixels = {(byte) 0xb4, 0x64, 0x32};
    assertColour(IN_SRGB, "a.png", PictureBytes.pngWithProfile(png, profile));
    assertColour(IN_SRGB, "a.jpg", PictureBytes.jpegWithProfile(jpeg, profile));
    assertColour(
        IN_SRGB,
        "a.tif",
        PictureBytes.tiff(ByteOrder.BIG_ENDIAN, 1, 1, 2, 3, 8, 1, pixels, profile));
  }

  @Test
  void aBrokenProfileCountsForNothing() throws IOException {
    int[] stored = {0xb4, 0x64, 0x32};
    byte[] png = PictureBytes.written(SampleImages.colour(16, 16, COLOUR), "png");
    byte[] jpeg = PictureBytes.written(SampleImages.colour(16, 16, COLOUR), "jpg");
    byte[] cut = Arrays.copyOf(p3(), 200);
    byte[] noise = new byte[600];
    Arrays.fill(noise, (byte) 0x5a);
    for (byte[] broken : new byte[][] {new byte[0], cut, noise}) {
      assertColour(stored, "a.png", PictureBytes.pngWithProfile(png, broken));
      assertColour(stored, "a.jpg", PictureBytes.jpegWithProfile(jpeg, broken));
    }
  }

  @Test
  void greyKeepsItsValues() throws IOException {
    byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_GRAY).getData();
    byte[] png = PictureBytes.written(SampleImages.grey(16, 16, 64), "png");
    Path file = Files.write(folder.resolve("a.png"), PictureBytes.pngWithProfile(png, profile));
    assertArrayEquals(ImageDecoder.decode(file).bytes(), SampleImages.filled(256, 64));
  }

  private void assertColour(int[] expected, String name, byte[] content) throws IOException {
    Path file = Files.write(folder.resolve(name), content);
    int[] found = Arrays.copyOf(SampleImages.unsigned(ImageDecoder.decode(file).bytes()), 3);
    for (int c = 0; c < 3; c++) {
      assertEquals(expected[c], found[c], ROUNDING, name + " " + Arrays.toString(found));
    }
  }

  private static byte[] p3() {
    ICC_Profile profile =
        ICC_Profile.getInstance(ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData());
    int[] tags = {
      ICC_Profile.icSigRedColorantTag,
      ICC_Profile.icSigGreenColorantTag,
      ICC_Profile.icSigBlueColorantTag
    };
    for (int i = 0; i < tags.length; i++) {
      ByteBuffer tag = ByteBuffer.allocate(20).putInt(0x58595a20).putInt(0);
      for (double value : P3[i]) {
        tag.putInt((int) Math.round(value * 65536));
      }
      profile.setData(tags[i], tag.array());
    }
    return profile.getData();
  }
}

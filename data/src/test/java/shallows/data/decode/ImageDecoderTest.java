package shallows.data.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static shallows.data.BadInput.assertRefused;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.data.SampleImages;

class ImageDecoderTest {
  private static final int ORANGE = 0xff8010;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "gif"})
  void losslessFormatsGiveTheirColours(String extension) {
    Path file = SampleImages.write(folder.resolve("a." + extension), sample(ORANGE));
    ImagePixels image = ImageDecoder.decode(file);
    assertEquals(3, image.channels());
    assertEquals(2, image.height());
    assertEquals(3, image.width());
    assertArrayEquals(new int[] {255, 128, 16, 0, 0, 0, 0, 0, 0}, firstRow(image));
    assertEquals(new ImageDecoder.Head(2, 3, false), ImageDecoder.head(file));
  }

  @Test
  void jpegGivesItsColoursWithinItsLoss() {
    Path file = SampleImages.write(folder.resolve("a.jpg"), SampleImages.colour(8, 8, ORANGE));
    int[] first = Arrays.copyOf(SampleImages.unsigned(ImageDecoder.decode(file).bytes()), 3);
    // Quality 0.75 rounds the mean of a block by up to 1, twice for chroma.
    assertEquals(255, first[0], 3);
    assertEquals(128, first[1], 3);
    assertEquals(16, first[2], 3);
    assertEquals(new ImageDecoder.Head(8, 8, false), ImageDecoder.head(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "bmp", "gif"})
  void greyStaysGreyAndIsNotBrightened(String extension) {
    Path file = SampleImages.write(folder.resolve("a." + extension), SampleImages.grey(8, 8, 64));
    assertEquals(new ImageDecoder.Head(8, 8, true), ImageDecoder.head(file));
    ImagePixels image = ImageDecoder.decode(file);
    assertEquals(1, image.channels());
    assertEquals(64, image.bytes()[0]);
  }

  @Test
  void sixteenBitsLoseTheLowerEight() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(0, 0, 0, 0x12ff);
    Path file = SampleImages.write(folder.resolve("a.png"), image);
    assertArrayEquals(new byte[] {0x12}, ImageDecoder.decode(file).bytes());
  }

  @Test
  void aPaletteOfColoursIsColour() {
    byte[] reds = {10, 20};
    byte[] greens = {30, 40};
    byte[] blues = {50, 60};
    IndexColorModel palette = new IndexColorModel(1, 2, reds, greens, blues);
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
    image.getRaster().setSample(1, 0, 0, 1);
    Path file = SampleImages.write(folder.resolve("a.png"), image);
    assertArrayEquals(new byte[] {10, 30, 50, 20, 40, 60}, ImageDecoder.decode(file).bytes());
  }

  @Test
  void transparencyIsLaidOnWhite() {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00000000);
    image.setRGB(1, 0, 0x80000000);
    Path file = SampleImages.write(folder.resolve("a.png"), image);
    assertArrayEquals(
        new int[] {255, 255, 255, 127, 127, 127},
        SampleImages.unsigned(ImageDecoder.decode(file).bytes()));
  }

  @Test
  void decodesForANetworksInput() {
    Path file = SampleImages.write(folder.resolve("a.png"), SampleImages.colour(9, 14, 0x00ff00));
    byte[] pixels = ImageDecoder.decode(file, 1, 4, 4);
    assertEquals(16, pixels.length);
    assertEquals(150, pixels[5] & 0xff);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "bmp", "gif"})
  void refusesATruncatedImage(String extension) throws IOException {
    Path file = SampleImages.write(folder.resolve("a." + extension), noise());
    byte[] whole = Files.readAllBytes(file);
    for (double share : new double[] {0.9, 0.5, 0.05}) {
      Files.write(file, Arrays.copyOf(whole, (int) (whole.length * share)));
      assertRefused(() -> ImageDecoder.decode(file), file, "does not decode", "replace");
    }
  }

  @Test
  void refusesWhatIsNoImage() throws IOException {
    Path text = Files.writeString(folder.resolve("a.jpg"), "not an image");
    assertRefused(() -> ImageDecoder.decode(text), text, PictureFormat.READ, "unknown format");
    Path empty = Files.writeString(folder.resolve("b.jpg"), "");
    assertRefused(() -> ImageDecoder.decode(empty), empty, "the file is empty");
    Path missing = folder.resolve("c.jpg");
    assertRefused(() -> ImageDecoder.decode(missing), missing, "no such file");
    assertRefused(() -> ImageDecoder.decode(folder), folder, "found a folder");
  }

  @Test
  void refusesAnAbsurdSizeBeforeDecodingIt() throws IOException {
    Path file = SampleImages.write(folder.resolve("a.png"), noise());
    ByteBuffer png = ByteBuffer.wrap(Files.readAllBytes(file));
    // Signature (8), length (4), "IHDR", width, height, 5 more bytes, and their checksum.
    png.putInt(16, 30_000).putInt(20, 30_000);
    CRC32 checksum = new CRC32();
    checksum.update(png.array(), 12, 17);
    png.putInt(29, (int) checksum.getValue());
    Files.write(file, png.array());
    assertRefused(
        () -> ImageDecoder.decode(file),
        file,
        "million pixels",
        "30000 x 30000",
        "make it smaller");
  }

  /** 2x3, black but for the first pixel. */
  private static BufferedImage sample(int rgb) {
    BufferedImage image = SampleImages.colour(2, 3, 0);
    image.setRGB(0, 0, rgb);
    return image;
  }

  private static BufferedImage noise() {
    BufferedImage image = SampleImages.colour(48, 64, 0);
    for (int i = 0; i < 48 * 64; i++) {
      image.setRGB(i % 64, i / 64, i * 0x9e3779b1 >>> 8);
    }
    return image;
  }

  private static int[] firstRow(ImagePixels image) {
    return Arrays.copyOf(SampleImages.unsigned(image.bytes()), image.width() * image.channels());
  }
}

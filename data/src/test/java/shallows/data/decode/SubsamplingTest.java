package shallows.data.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shallows.data.SampleImages;

class SubsamplingTest {
  @TempDir Path folder;

  /** Photos of 12, 24, 48, 108 and 200 megapixels, and a panorama. */
  @ParameterizedTest
  @CsvSource({
    "3024, 4032, 224, 1",
    "4284, 5712, 224, 2",
    "6048, 8064, 224, 2",
    "9000, 12000, 224, 3",
    "12240, 16320, 224, 4",
    "12240, 16320, 3000, 2",
    "2000, 30000, 1024, 1"
  })
  void leavesEnoughAndTwiceWhatIsWanted(int height, int width, int to, int step) {
    assertEquals(step, Subsampling.of(height, width, to, to));
  }

  @Test
  void aWholePictureIsReadWhole() {
    assertEquals(1, Subsampling.of(9000, 12000, Integer.MAX_VALUE, Integer.MAX_VALUE));
  }

  /** The left third is white. Of 48 megapixels, in black and white, so that the test is quick. */
  @Test
  void largePicturesAreRead() {
    BufferedImage image = new BufferedImage(8064, 6048, BufferedImage.TYPE_BYTE_BINARY);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth() / 3; x += 8) {
        image.getRaster().setDataElements(x, y, 8, 1, new byte[] {1, 1, 1, 1, 1, 1, 1, 1});
      }
    }
    assertEdgeAtAThird(SampleImages.write(folder.resolve("a.png"), image));
  }

  @Test
  void largePhotosAreRead() {
    BufferedImage image = new BufferedImage(6000, 3000, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRaster().setPixels(0, y, 2000, 1, white());
    }
    assertEdgeAtAThird(SampleImages.write(folder.resolve("a.jpg"), image));
  }

  private static void assertEdgeAtAThird(Path file) {
    int width = 48;
    byte[] pixels = ImageDecoder.decode(file, 1, 24, width);
    for (int x = 0; x < width; x++) {
      int value = pixels[12 * width + x] & 0xff;
      if (x < 11) {
        assertTrue(value > 250, x + ": " + value);
      } else if (x > 20) {
        assertTrue(value < 5, x + ": " + value);
      }
    }
  }

  private static int[] white() {
    int[] row = new int[2000];
    java.util.Arrays.fill(row, 255);
    return row;
  }
}

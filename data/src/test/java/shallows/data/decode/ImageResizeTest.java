package shallows.data.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImageResizeTest {
  /** Each of the two passes rounds by at most a half, and the second averages the first. */
  private static final double ROUNDINGS = 1.001;

  @Test
  void theSameSizeIsTheSameImage() {
    byte[] pixels = {1, 2, 3, 4};
    assertSame(pixels, ImageResize.resize(pixels, 2, 2, 1, 2, 2));
  }

  @Test
  void halvingWeighsFourPixelsOneThreeThreeOne() {
    // At the left edge the first weight falls away: (3*10 + 3*20 + 30) / 7; likewise on the right.
    byte[] row = {10, 20, 30, 40};
    assertArrayEquals(new byte[] {17, 33}, ImageResize.resize(row, 1, 4, 1, 1, 2));
    assertArrayEquals(new byte[] {17, 33}, ImageResize.resize(row, 4, 1, 1, 2, 1));
    byte[] six = {0, 0, 80, 80, 0, 0};
    // (1*0 + 3*80 + 3*80 + 1*0) / 8
    assertEquals(60, ImageResize.resize(six, 1, 6, 1, 1, 3)[1]);
  }

  @Test
  void doublingIsBilinear() {
    byte[] row = {0, 100};
    assertArrayEquals(new byte[] {0, 25, 75, 100}, ImageResize.resize(row, 1, 2, 1, 1, 4));
  }

  @Test
  void oneColourStaysThatColour() {
    byte[] white = new byte[37 * 23 * 3];
    Arrays.fill(white, (byte) 255);
    for (byte value : ImageResize.resize(white, 37, 23, 3, 11, 50)) {
      assertEquals(255, value & 0xff);
    }
  }

  @Test
  void agreesWithTheFormulaOverOddSizes() {
    int[][] sizes = {
      {5, 7, 3, 4}, {5, 7, 8, 10}, {9, 2, 1, 1}, {1, 1, 4, 3}, {31, 17, 8, 8}, {6, 6, 7, 5}
    };
    for (int[] size : sizes) {
      byte[] pixels = new byte[size[0] * size[1] * 3];
      new Random(1).nextBytes(pixels);
      byte[] actual = ImageResize.resize(pixels, size[0], size[1], 3, size[2], size[3]);
      for (int y = 0; y < size[2]; y++) {
        for (int x = 0; x < size[3]; x++) {
          for (int c = 0; c < 3; c++) {
            assertEquals(
                formula(pixels, size, y, x, c),
                actual[(y * size[3] + x) * 3 + c] & 0xff,
                ROUNDINGS,
                Arrays.toString(size));
          }
        }
      }
    }
  }

  private static double formula(byte[] pixels, int[] size, int y, int x, int channel) {
    double sum = 0;
    double weights = 0;
    for (int i = 0; i < size[0]; i++) {
      for (int j = 0; j < size[1]; j++) {
        double weight = weight(i, y, size[0], size[2]) * weight(j, x, size[1], size[3]);
        sum += weight * (pixels[(i * size[1] + j) * 3 + channel] & 0xff);
        weights += weight;
      }
    }
    return sum / weights;
  }

  private static double weight(int source, int target, int from, int to) {
    double scale = (double) from / to;
    double distance = Math.abs(source + 0.5 - (target + 0.5) * scale);
    return Math.max(0, 1 - distance / Math.max(1, scale));
  }
}

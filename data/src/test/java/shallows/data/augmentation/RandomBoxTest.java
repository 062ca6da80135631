package shallows.data.augmentation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What is cut out, and what is erased. */
class RandomBoxTest {
  private static final int SIDE = 40;
  private static final int DRAWS = 2000;

  /** Of a box of 1 / 0.02 of the image, rounding moves area and aspect by as much. */
  private static final double ROUNDING = 0.25;

  private final Raster image = gradient(SIDE, SIDE);
  private final RandomGenerator random = new Random(3);

  @Test
  void aCropOfAGradientIsThePartOfItWithTheSidesOfItsDefinition() {
    double least = 1;
    double most = 0;
    for (int i = 0; i < DRAWS; i++) {
      RandomBox box = RandomBox.draw(image, 0.25, 1, 4.0 / 3, random).orElseThrow();
      double share = (double) box.height() * box.width() / (SIDE * SIDE);
      double aspect = (double) box.height() / box.width();
      assertTrue(aspect < 4.0 / 3 * 1.1 && aspect > 3.0 / 4 / 1.1, box.toString());
      assertTrue(box.top() >= 0 && box.top() + box.height() <= SIDE, box.toString());
      assertTrue(box.left() >= 0 && box.left() + box.width() <= SIDE, box.toString());
      least = Math.min(least, share);
      most = Math.max(most, share);
    }
    assertEquals(0.25, least, 0.02);
    assertEquals(1, most, 0.05);
  }

  @Test
  void aCropComesBackAtTheSizeOfTheWhole() {
    // Columns have the level of their number: the middle of a part from a to b has (a + b) / 2.
    double spread = 0;
    for (int i = 0; i < 100; i++) {
      Raster crop = new ResizedCrop(0.25).of(image, random);
      assertEquals(SIDE * SIDE, crop.pixels().length);
      int first = crop.pixels()[0];
      int last = crop.pixels()[SIDE - 1];
      assertTrue(first >= 0 && last < SIDE && last - first >= 0.4 * SIDE, first + " to " + last);
      spread = Math.max(spread, SIDE - 1 - (last - first));
    }
    assertTrue(spread > SIDE / 4.0, "nothing was cut off");
  }

  @Test
  void aLongImageIsCutInTheMiddleWhereNoPartFits() {
    // Whatever has nearly all of the area of 4x40 pixels is far longer than 4 to 3.
    Raster crop = new ResizedCrop(0.999).of(gradient(4, SIDE), random);
    // Of 4 rows 5 columns are 4 to 3, rounded: those from the 17th on.
    assertEquals(17, crop.pixels()[0]);
    assertEquals(21, crop.pixels()[SIDE - 1]);
  }

  @Test
  void whatIsErasedIsOneRectangleOfTheMean() {
    float[] ones = new float[2 * SIDE * SIDE];
    Raster size = new Raster(new byte[SIDE * SIDE], SIDE, SIDE, 1);
    for (int i = 0; i < DRAWS; i++) {
      Arrays.fill(ones, 1);
      new RandomErasing(1).apply(size, ones, SIDE * SIDE, random);
      int[] rows = {SIDE, -1};
      int[] columns = {SIDE, -1};
      int erased = 0;
      for (int p = 0; p < SIDE * SIDE; p++) {
        assertEquals(1, ones[p], "the image in front of it");
        if (ones[SIDE * SIDE + p] == 0) {
          erased++;
          rows[0] = Math.min(rows[0], p / SIDE);
          rows[1] = Math.max(rows[1], p / SIDE);
          columns[0] = Math.min(columns[0], p % SIDE);
          columns[1] = Math.max(columns[1], p % SIDE);
        }
      }
      int height = rows[1] - rows[0] + 1;
      int width = columns[1] - columns[0] + 1;
      assertEquals(height * width, erased);
      double share = (double) erased / (SIDE * SIDE);
      assertTrue(share > 0.02 * (1 - ROUNDING) && share < (1 + ROUNDING) / 3, share + "");
      double aspect = (double) Math.max(height, width) / Math.min(height, width);
      assertTrue(aspect < 10.0 / 3 * (1 + ROUNDING), height + "x" + width);
    }
  }

  @Test
  void asManyImagesAreErasedAsItsProbabilitySays() {
    int erased = 0;
    for (int i = 0; i < DRAWS; i++) {
      float[] ones = new float[SIDE * SIDE];
      Arrays.fill(ones, 1);
      new RandomErasing(0.25).apply(image, ones, 0, random);
      for (float value : ones) {
        if (value == 0) {
          erased++;
          break;
        }
      }
    }
    // Five standard deviations.
    assertEquals(0.25 * DRAWS, erased, 5 * Math.sqrt(0.25 * 0.75 * DRAWS));
  }

  @Test
  void aJitterStaysWithinItsFactorsAndReachesThem() {
    Raster grey = new Raster(new byte[] {100, 100, 100, 100, 100, 100}, 1, 2, 3);
    int least = 255;
    int most = 0;
    for (int i = 0; i < DRAWS; i++) {
      // Of one grey, contrast and saturation change nothing, so this is the brightness.
      byte[] pixels = new ColorJitter(0.4).of(grey, random).pixels();
      byte[] same = new byte[pixels.length];
      Arrays.fill(same, pixels[0]);
      assertArrayEquals(same, pixels);
      least = Math.min(least, pixels[0] & 0xff);
      most = Math.max(most, pixels[0] & 0xff);
    }
    assertEquals(60, least, 1);
    assertEquals(140, most, 1);
  }

  /** Level x in column x. */
  private static Raster gradient(int height, int width) {
    byte[] pixels = new byte[height * width];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i % width);
    }
    return new Raster(pixels, height, width, 1);
  }
}

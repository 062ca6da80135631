package shallows.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Normalization;

class AugmentationTest {
  private static final int HEIGHT = 5;
  private static final int WIDTH = 4;
  private static final int SHIFT = 2;

  /** Enough that each of 50 outcomes is missed with a probability below 1e-8. */
  private static final int DRAWS = 1000;

  private static final Augmentation ALL = new Augmentation(true, 3, 0.5, true, 0.4, 0.5);

  private final LabelledImages images = SampleImages.random(2, 2, 3, HEIGHT, WIDTH);
  private final Normalization normalization = PixelStatistics.normalization(images);

  @Test
  void withoutFlipOrShiftItIsThePlainFill() {
    int[] indices = {1, 0, 1};
    float[] plain = new float[3 * images.imageBytes()];
    images.fill(indices, normalization, plain);
    assertArrayEquals(plain, augmented(Augmentation.NONE, indices, 1));
  }

  @Test
  void aFlipAloneGivesTheImageOrItsMirrorImageAboutAsOften() {
    int mirrored = 0;
    float[] plain = shifted(0, 0, false);
    float[] mirror = shifted(0, 0, true);
    float[] batch = augmented(new Augmentation(true, 0), new int[DRAWS], 2);
    for (int n = 0; n < DRAWS; n++) {
      float[] image = image(batch, n);
      boolean isMirror = Arrays.equals(mirror, image);
      assertTrue(isMirror || Arrays.equals(plain, image));
      mirrored += isMirror ? 1 : 0;
    }
    // Five standard deviations of a fair coin thrown 1000 times.
    assertEquals(DRAWS / 2.0, mirrored, 5 * Math.sqrt(DRAWS / 4.0));
  }

  @Test
  void everyShiftAndItsMirrorImageOccursWithBlackWhereTheImageEnds() {
    Map<String, Integer> seen = new HashMap<>();
    for (int down = -SHIFT; down <= SHIFT; down++) {
      for (int right = -SHIFT; right <= SHIFT; right++) {
        seen.put(Arrays.toString(shifted(down, right, false)), 0);
        seen.put(Arrays.toString(shifted(down, right, true)), 0);
      }
    }
    assertEquals(50, seen.size());
    float[] batch = augmented(new Augmentation(true, SHIFT), new int[DRAWS], 3);
    for (int n = 0; n < DRAWS; n++) {
      String image = Arrays.toString(image(batch, n));
      assertTrue(seen.containsKey(image), image);
      seen.merge(image, 1, Integer::sum);
    }
    assertFalse(seen.containsValue(0));
  }

  @Test
  void aShiftBeyondTheImageLeavesBlack() {
    float[] batch = augmented(new Augmentation(true, 50), new int[DRAWS], 4);
    float[] black = new float[images.imageBytes()];
    for (int i = 0; i < black.length; i++) {
      black[i] = -normalization.mean().get(i % 3) / normalization.deviation().get(i % 3);
    }
    long blackImages = IntStream.range(0, DRAWS).filter(n -> close(black, image(batch, n))).count();
    assertTrue(blackImages > DRAWS / 2 && blackImages < DRAWS, blackImages + " black images");
  }

  @Test
  void theSameSeedGivesTheSameBatch() {
    Augmentation augmentation = new Augmentation(true, SHIFT);
    int[] indices = {0, 1, 0, 1, 0, 1, 0, 1};
    float[] first = augmented(augmentation, indices, 9);
    assertArrayEquals(first, augmented(augmentation, indices, 9));
    assertFalse(Arrays.equals(first, augmented(augmentation, indices, 10)));
  }

  @Test
  void settingsDoNotChangeHowManyNumbersAreDrawn() {
    SplittableRandom plain = new SplittableRandom(1);
    SplittableRandom full = new SplittableRandom(1);
    float[] target = new float[2 * images.imageBytes()];
    int[] indices = {0, 1};
    Augmentation.NONE.fill(images, indices, normalization, plain, SplittableRandom::new, target);
    ALL.fill(images, indices, normalization, full, SplittableRandom::new, target);
    assertEquals(plain.nextLong(), full.nextLong());
  }

  @Test
  void anImageDependsOnItsPlaceAndNotOnWhatIsBesideIt() {
    float[] both = augmented(ALL, new int[] {0, 1, 0}, 5);
    float[] others = augmented(ALL, new int[] {0, 0, 0}, 5);
    assertArrayEquals(image(both, 0), image(others, 0));
    assertArrayEquals(image(both, 2), image(others, 2));
    assertFalse(Arrays.equals(image(both, 0), image(both, 2)));
    assertArrayEquals(both, augmented(ALL, new int[] {0, 1, 0}, 5));
  }

  @Test
  void whatElseIsDoneComesAfterFlipAndShift() {
    // Nothing is erased with next to no probability, so that only the way through bytes is taken.
    Augmentation bytes = new Augmentation(true, SHIFT, 0, false, 0, Double.MIN_VALUE);
    int[] indices = new int[DRAWS];
    assertArrayEquals(
        augmented(new Augmentation(true, SHIFT), indices, 3), augmented(bytes, indices, 3));
  }

  @Test
  void eachOfThemAloneChangesImagesAndNamesItsRange() {
    float[] plain = augmented(Augmentation.NONE, new int[20], 6);
    for (Augmentation one :
        List.of(
            new Augmentation(false, 0, 0.5, false, 0, 0),
            new Augmentation(false, 0, 0, true, 0, 0),
            new Augmentation(false, 0, 0, false, 0.4, 0),
            new Augmentation(false, 0, 0, false, 0, 0.5))) {
      assertFalse(Arrays.equals(plain, augmented(one, new int[20], 6)), one.toString());
    }
    assertThrows(IllegalArgumentException.class, () -> new Augmentation(false, 0, 1, false, 0, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new Augmentation(false, 0, 0, false, 1.1, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new Augmentation(false, 0, 0, false, 0, -0.1));
  }

  private float[] augmented(Augmentation augmentation, int[] indices, long seed) {
    float[] target = new float[indices.length * images.imageBytes()];
    augmentation.fill(
        images,
        indices,
        normalization,
        new SplittableRandom(seed),
        place -> new SplittableRandom(mixed(seed, place)),
        target);
    return target;
  }

  private static long mixed(long seed, int place) {
    return 1_000_003 * seed + place;
  }

  private float[] image(float[] batch, int n) {
    return Arrays.copyOfRange(batch, n * images.imageBytes(), (n + 1) * images.imageBytes());
  }

  /** Image 0, mirrored or not, then moved, the plain way. */
  private float[] shifted(int down, int right, boolean mirrored) {
    byte[] image = images.image(0);
    float[] table = NormalizedLevels.table(normalization, images.channels(), "test");
    float[] result = new float[image.length];
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        for (int c = 0; c < 3; c++) {
          int sourceY = y - down;
          int sourceX = x - right;
          boolean inside = sourceY >= 0 && sourceY < HEIGHT && sourceX >= 0 && sourceX < WIDTH;
          int column = mirrored ? WIDTH - 1 - sourceX : sourceX;
          int value = inside ? image[(sourceY * WIDTH + column) * 3 + c] & 0xff : 0;
          result[(y * WIDTH + x) * 3 + c] = table[c * NormalizedLevels.LEVELS + value];
        }
      }
    }
    return result;
  }

  private static boolean close(float[] expected, float[] actual) {
    for (int i = 0; i < expected.length; i++) {
      if (Math.abs(expected[i] - actual[i]) > 1e-5) {
        return false;
      }
    }
    return true;
  }
}

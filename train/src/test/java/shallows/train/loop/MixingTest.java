package shallows.train.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import shallows.train.options.Regularization;

class MixingTest {
  private static final int SIDE = 8;
  private static final int CHANNELS = 3;
  private static final int IMAGE = SIDE * SIDE * CHANNELS;

  /** Two roundings of 6e-8. */
  private static final float ROUNDING = 1e-6f;

  @Test
  void withoutOptionsNothingChangesAndNothingIsDrawn() {
    Random random = new Random(1);
    float[] pixels = pixels(4);
    mixing(Regularization.NONE).apply(pixels, targets(4), 4, random);
    assertArrayEquals(pixels(4), pixels);
    assertEquals(new Random(1).nextLong(), random.nextLong());
  }

  @Test
  void mixupBlendsImagesAndTargetsByTheSameShare() {
    float[] pixels = pixels(5);
    float[] targets = targets(5);
    mixing(new Regularization(0, 0.4, 0)).apply(pixels, targets, 5, new Random(2));
    for (int i = 0; i < 5; i++) {
      int partner = 4 - i;
      float share = targets[i * 5 + i];
      if (i == partner) {
        assertEquals(1, share, "the one in the middle");
        continue;
      }
      assertEquals(1 - share, targets[i * 5 + partner], ROUNDING);
      for (int k = 0; k < IMAGE; k++) {
        // Image i is i + 1 everywhere.
        assertEquals(share * (i + 1) + (1 - share) * (partner + 1), pixels[i * IMAGE + k], 1e-5f);
      }
    }
  }

  @Test
  void cutmixExchangesABoxAsLargeAsTheShareOfTheTargets() {
    for (int seed = 0; seed < 50; seed++) {
      float[] pixels = pixels(2);
      float[] targets = targets(2);
      mixing(new Regularization(0, 0, 1)).apply(pixels, targets, 2, new Random(seed));
      int foreign = 0;
      for (int k = 0; k < IMAGE; k++) {
        boolean exchanged = pixels[k] == 2;
        assertEquals(exchanged ? 1 : 2, pixels[IMAGE + k]);
        foreign += exchanged ? 1 : 0;
      }
      assertEquals(1 - (float) foreign / IMAGE, targets[0], ROUNDING);
      assertEquals((float) foreign / IMAGE, targets[1], ROUNDING);
    }
  }

  @Test
  void withBothHalfOfThePairsGetEach() {
    int pairs = 2000;
    float[] pixels = pixels(2 * pairs);
    float[] targets = new float[2 * pairs * 2];
    new Mixing(new Regularization(0, 1, 1), SIDE, SIDE, CHANNELS, 2)
        .apply(pixels, targets, 2 * pairs, new Random(3));
    int blended = 0;
    for (int i = 0; i < pairs; i++) {
      float first = pixels[i * IMAGE];
      blended += first != i + 1 && first != 2 * pairs - i ? 1 : 0;
    }
    // Four deviations of 0.5/√2000.
    assertEquals(0.5, (double) blended / pairs, 4 * 0.0112);
  }

  @Test
  void theShareOfMixupHasTheDeviationOfItsBetaDistribution() {
    int pairs = 4000;
    double alpha = 0.4;
    float[] pixels = pixels(2 * pairs);
    float[] targets = new float[2 * pairs * 2];
    for (int i = 0; i < pairs; i++) {
      targets[i * 2] = 1;
      targets[(2 * pairs - 1 - i) * 2 + 1] = 1;
    }
    new Mixing(new Regularization(0, alpha, 0), SIDE, SIDE, CHANNELS, 2)
        .apply(pixels, targets, 2 * pairs, new Random(4));
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < pairs; i++) {
      sum += targets[i * 2];
      squares += Math.pow(targets[i * 2] - 0.5, 2);
    }
    // Variance 1 / (4·(2α + 1)).
    double variance = 1 / (4 * (2 * alpha + 1));
    assertEquals(0.5, sum / pairs, 4 * Math.sqrt(variance / pairs));
    // (λ − ½)² lies in [0, ¼], so its deviation is at most an eighth.
    assertTrue(Math.abs(squares / pairs - variance) < 4 * 0.125 / Math.sqrt(pairs));
  }

  private static Mixing mixing(Regularization options) {
    return new Mixing(options, SIDE, SIDE, CHANNELS, options.mixup() > 0 ? 5 : 2);
  }

  /** Image i is i + 1 everywhere. */
  private static float[] pixels(int count) {
    float[] pixels = new float[count * IMAGE];
    for (int k = 0; k < pixels.length; k++) {
      pixels[k] = k / IMAGE + 1;
    }
    return pixels;
  }

  /** Image i is of class i. */
  private static float[] targets(int count) {
    float[] targets = new float[count * count];
    for (int i = 0; i < count; i++) {
      targets[i * count + i] = 1;
    }
    return targets;
  }
}

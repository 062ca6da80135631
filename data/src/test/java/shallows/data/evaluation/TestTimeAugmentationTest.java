package shallows.data.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Normalization;

class TestTimeAugmentationTest {
  private static final Normalization NORMALIZATION =
      new Normalization(List.of(0.5f), List.of(0.25f));

  /** What is black once it is normalized. */
  private static final float BLACK = -2;

  private final List<float[]> asked = new ArrayList<>();

  @Test
  void asksAboutTheImageAndItsMirrorImage() {
    float[] two = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    new TestTimeAugmentation(true, 1).around(network(), 1, 2, 3, NORMALIZATION).logits(two, 2);
    assertEquals(2, asked.size());
    assertArrayEquals(two, asked.get(0));
    assertArrayEquals(new float[] {3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10}, asked.get(1));
  }

  @Test
  void shiftsTowardsCornersThenSidesWithBlackAround() {
    float[] one = {1, 2, 3, 4, 5, 6};
    new TestTimeAugmentation(false, 7).around(network(), 1, 2, 3, NORMALIZATION).logits(one, 1);
    assertEquals(7, asked.size());
    assertArrayEquals(one, asked.get(0));
    assertArrayEquals(new float[] {5, 6, BLACK, BLACK, BLACK, BLACK}, asked.get(1));
    assertArrayEquals(new float[] {BLACK, BLACK, BLACK, BLACK, 1, 2}, asked.get(4));
    assertArrayEquals(new float[] {BLACK, BLACK, BLACK, 1, 2, 3}, asked.get(6));
  }

  @Test
  void shiftsByAnEighthOfTheShorterSide() {
    float[] image = new float[32 * 40];
    image[0] = 7;
    new TestTimeAugmentation(false, 5).around(network(), 1, 32, 40, NORMALIZATION).logits(image, 1);
    assertEquals(7, asked.get(4)[4 * 40 + 4]);
  }

  /** Logarithms of 3/4 and 1/2 in the mean: not of the mean of the logits. */
  @Test
  void takesTheMeanOfProbabilities() {
    Classifier both = new TestTimeAugmentation(true, 1).around(network(), 1, 2, 3, NORMALIZATION);
    float[] first = both.logits(new float[] {(float) Math.log(3), 0, 0, 0, 0, 0}, 1)[0];
    assertEquals(Math.log((0.75 + 0.5) / 2), first[0], 1e-6);
    assertEquals(Math.log((0.25 + 0.5) / 2), first[1], 1e-6);
  }

  @Test
  void refusesMorePlacesThanThereAre() {
    assertThrows(IllegalArgumentException.class, () -> new TestTimeAugmentation(false, 10));
    assertEquals(18, new TestTimeAugmentation(true, 9).copies());
    assertEquals(12, TestTimeAugmentation.ofDraws(12).copies());
    assertThrows(IllegalArgumentException.class, () -> TestTimeAugmentation.ofDraws(101));
    assertThrows(IllegalArgumentException.class, () -> new TestTimeAugmentation(true, 1, 2));
  }

  /** Its first logit is the first pixel of an image, the other one zero. */
  private Classifier network() {
    return new Classifier() {
      @Override
      public float[][] logits(float[] images, int count) {
        asked.add(images.clone());
        float[][] logits = new float[count][2];
        for (int i = 0; i < count; i++) {
          logits[i][0] = images[i * images.length / count];
        }
        return logits;
      }

      @Override
      public void close() {
        // Holds nothing.
      }
    };
  }
}

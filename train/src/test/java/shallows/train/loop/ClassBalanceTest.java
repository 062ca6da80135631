package shallows.train.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shallows.data.Augmentation;
import shallows.data.LabelledImages;
import shallows.train.TestImages;
import shallows.train.engine.Randomness;
import shallows.train.options.Balance;
import shallows.train.options.Regularization;

class ClassBalanceTest {
  /** Of each class. */
  private static final int[] COUNTS = {60, 20, 4};

  private static final int ALL = 84;

  private final LabelledImages images = uneven(COUNTS);

  @Test
  void anEpochHasAsManyImagesOfEachClass() {
    ClassBalance balance = new ClassBalance(images, Balance.SAMPLING);
    int[] often = new int[ALL];
    for (int epoch = 0; epoch < 15; epoch++) {
      int[] order = balance.order(5, epoch);
      assertEquals(ALL, order.length);
      int[] seen = new int[COUNTS.length];
      for (int image : order) {
        seen[images.label(image)]++;
        often[image]++;
      }
      assertArrayEquals(new int[] {28, 28, 28}, seen);
      assertArrayEquals(order, balance.order(5, epoch));
      assertFalse(Arrays.equals(order, balance.order(6, epoch)));
      assertFalse(Arrays.equals(order, balance.order(5, epoch + 1)));
    }
    // 15 epochs take 420 images of each class: 7, 21 and 105 times all of it.
    for (int i = 0; i < ALL; i++) {
      assertEquals(420 / COUNTS[images.label(i)], often[i], images.source(i));
    }
  }

  @Test
  void imagesOfOneClassAreInAnotherOrderEachTime() {
    // Two classes of two: were the order of a class always the same, halves of epochs would repeat.
    LabelledImages few = uneven(2, 2, 0);
    Set<String> orders = new HashSet<>();
    for (int epoch = 0; epoch < 60; epoch++) {
      orders.add(Arrays.toString(new ClassBalance(few, Balance.SAMPLING).order(1, epoch)));
    }
    assertEquals(24, orders.size());
  }

  @Test
  void aClassWithoutImagesTakesNoPlace() {
    LabelledImages two = uneven(6, 2, 0);
    int[] order = new ClassBalance(two, Balance.SAMPLING).order(1, 0);
    assertEquals(4, Arrays.stream(order).filter(i -> two.label(i) == 1).count());
    assertArrayEquals(
        new float[] {8f / 12, 8f / 4, 1}, new ClassBalance(two, Balance.WEIGHTS).weights(), 1e-6f);
  }

  @Test
  void withoutItTheOrderIsThePlainOneAndNothingHasAWeight() {
    ClassBalance none = new ClassBalance(images, Balance.NONE);
    assertArrayEquals(Randomness.order(ALL, 3, 2), none.order(3, 2));
    assertArrayEquals(new float[] {1, 1, 1}, none.weights());
  }

  @Test
  void theLossOfEachClassCountsAsMuch() {
    int[] everything = IntStream.range(0, ALL).toArray();
    Batch batch = batch(Balance.WEIGHTS, 0);
    batch.load(everything, Augmentation.NONE, new Random(1), Random::new);
    double[] ofClass = new double[COUNTS.length];
    for (int i = 0; i < ALL * COUNTS.length; i++) {
      ofClass[i % COUNTS.length] += batch.targets()[i];
    }
    assertArrayEquals(new double[] {28, 28, 28}, ofClass, 1e-4);
  }

  @Test
  void aSmoothedLabelKeepsItsShares() {
    Batch plain = batch(Balance.NONE, 0.3);
    Batch weighed = batch(Balance.WEIGHTS, 0.3);
    // Of the class of 60 and of that of 4.
    int[] two = {0, ALL - 1};
    plain.load(two, Augmentation.NONE, new Random(1), Random::new);
    weighed.load(two, Augmentation.NONE, new Random(1), Random::new);
    float[] weights = {28f / 60, 28f / 20, 28f / 4};
    for (int i = 0; i < 2; i++) {
      double factor = 0;
      for (int k = 0; k < 3; k++) {
        factor += plain.targets()[3 * i + k] * weights[k];
      }
      for (int k = 0; k < 3; k++) {
        assertEquals(
            factor * plain.targets()[3 * i + k], weighed.targets()[3 * i + k], 1e-5, i + "/" + k);
      }
    }
  }

  private Batch batch(Balance balance, double smoothing) {
    return new Batch(
        images,
        TestImages.network(1),
        ALL,
        new Regularization(smoothing, 0, 0),
        new ClassBalance(images, balance),
        TargetRule.LABELS);
  }

  private static LabelledImages uneven(int... counts) {
    LabelledImages even = TestImages.of(3 * Arrays.stream(counts).max().orElseThrow(), 1);
    return even.subset(
        IntStream.range(0, counts.length)
            .flatMap(label -> Arrays.stream(even.indicesOf(label)).limit(counts[label]))
            .toArray());
  }
}

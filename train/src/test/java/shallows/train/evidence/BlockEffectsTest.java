package shallows.train.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlockEffectsTest {
  /** In nats, in the last steps that the level is taken of. */
  private static final double[] EFFECTS = {0.1, 0.05, 0, 0.02, -0.01, 0.2, 0, 0.03};

  /** In nats there. */
  private static final double NOISE = 0.05;

  /** Of the normal distribution, for an interval that holds the truth 95 times in 100. */
  private static final double QUANTILE_95 = 1.96;

  @Test
  void intervalsOf95PercentHoldTheTruth95TimesIn100() {
    int repetitions = 1000;
    int intervals = 0;
    int covered = 0;
    for (int repetition = 0; repetition < repetitions; repetition++) {
      StepLog log = experiment(600, repetition, true);
      List<BlockEffects.Effect> effects = BlockEffects.estimate(log);
      for (int b = 0; b < EFFECTS.length; b++) {
        double distance = Math.abs(effects.get(b).effect() - EFFECTS[b]);
        covered += distance <= QUANTILE_95 * effects.get(b).standardError() ? 1 : 0;
        intervals++;
      }
    }
    // The 8 intervals of a repetition are nearly independent (the gates are), so the share has a
    // deviation of √(0.95·0.05/8000) = 0.0024; a right estimator fails by chance once in 15,000.
    assertEquals(0.95, (double) covered / intervals, 4 * 0.0024);
  }

  @Test
  void estimatesHaveNoBias() {
    int repetitions = 300;
    double[] sums = new double[EFFECTS.length];
    double error = 0;
    for (int repetition = 0; repetition < repetitions; repetition++) {
      List<BlockEffects.Effect> effects = BlockEffects.estimate(experiment(600, repetition, true));
      for (int b = 0; b < EFFECTS.length; b++) {
        sums[b] += effects.get(b).effect();
        error = Math.max(error, effects.get(b).standardError());
      }
    }
    for (int b = 0; b < EFFECTS.length; b++) {
      // Four deviations of a mean over the repetitions.
      assertEquals(EFFECTS[b], sums[b] / repetitions, 4 * error / Math.sqrt(repetitions));
    }
  }

  @Test
  void aSteepTrendCostsNothing() {
    double[] flat = IntStream.range(0, 500).mapToDouble(i -> Math.sin(i * 1.7)).toArray();
    double[] steep = flat.clone();
    for (int i = 0; i < steep.length; i++) {
      steep[i] += 3 - 0.01 * i;
    }
    double[] one = BlockEffects.withoutTrend(flat);
    double[] other = BlockEffects.withoutTrend(steep);
    // A straight line is taken out exactly where windows are whole.
    for (int i = 50; i < 450; i++) {
      assertEquals(one[i], other[i], 1e-9);
    }
  }

  @Test
  void theDifficultyOfBatchesMakesErrorsSmaller() {
    StepLog with = experiment(2000, 1, true);
    StepLog without = experiment(2000, 1, false);
    for (int b = 0; b < EFFECTS.length; b++) {
      double small = BlockEffects.estimate(with).get(b).standardError();
      double large = BlockEffects.estimate(without).get(b).standardError();
      assertTrue(small < 0.8 * large, small + " " + large);
    }
  }

  @Test
  void aBlockThatNeverChangedHasNoEffectAndTheOthersHaveTheirs() {
    StepLog log = new StepLog(List.of("always", "sometimes", "never"));
    Random random = new Random(1);
    for (int step = 0; step < 400; step++) {
      boolean on = random.nextBoolean();
      log.append(
          new boolean[] {true, on, false},
          (float) ((on ? 1 : 1.3) + 0.01 * random.nextGaussian()),
          Float.NaN);
    }
    List<BlockEffects.Effect> effects = BlockEffects.estimate(log);
    assertNull(effects.get(0).effect());
    assertNull(effects.get(0).standardError());
    assertNull(effects.get(2).effect());
    assertEquals(0.3, effects.get(1).effect(), 4 * effects.get(1).standardError());
  }

  @Test
  void tooFewStepsTellNothing() {
    StepLog log = new StepLog(List.of("a", "b"));
    for (int step = 0; step < 12; step++) {
      log.append(new boolean[] {step % 2 == 0, step % 3 == 0}, step, Float.NaN);
    }
    assertNull(BlockEffects.estimate(log).get(0).effect());
    assertNull(BlockEffects.estimate(new StepLog(List.of("a"))).get(0).effect());
  }

  @Test
  void aLossOfZeroTellsNothing() {
    StepLog log = new StepLog(List.of("a"));
    Random random = new Random(2);
    for (int step = 0; step < 600; step++) {
      float loss = step < 300 ? random.nextFloat() : 0;
      log.append(new boolean[] {random.nextBoolean()}, loss, Float.NaN);
    }
    assertEquals(List.of(new BlockEffects.Effect("a", null, null)), BlockEffects.estimate(log));
  }

  @Test
  void blocksThatWereOnAndOffTogetherTellNothing() {
    StepLog log = new StepLog(List.of("a", "b"));
    Random random = new Random(2);
    for (int step = 0; step < 300; step++) {
      boolean on = random.nextBoolean();
      log.append(new boolean[] {on, on}, random.nextFloat(), Float.NaN);
    }
    assertNull(BlockEffects.estimate(log).get(0).effect());
  }

  @Test
  void stepsWithoutDifficultyAreEstimatedWithoutIt() {
    StepLog log = experiment(600, 3, true);
    // The log's first quarter has no difficulty.
    assertNotNull(BlockEffects.estimate(log, 0, 600).get(0).effect());
  }

  /**
   * A training as the class comment of {@link BlockEffects} models it: a falling loss, known
   * effects that fall with it, and batches whose difficulty moves the loss by as much as the noise.
   */
  private static StepLog experiment(int steps, long seed, boolean difficulty) {
    Random random = new Random(seed * 1000 + 17);
    StepLog log =
        new StepLog(IntStream.range(0, EFFECTS.length).mapToObj(b -> "block" + b).toList());
    double last =
        IntStream.range(steps - BlockEffects.WINDOW, steps)
            .mapToDouble(step -> level(step, steps))
            .average()
            .orElseThrow();
    for (int step = 0; step < steps; step++) {
      boolean[] on = new boolean[EFFECTS.length];
      double moved = 0;
      for (int b = 0; b < on.length; b++) {
        on[b] = random.nextDouble() < 0.95 - 0.05 * b;
        moved += on[b] ? 0 : EFFECTS[b];
      }
      double hard = random.nextGaussian() * NOISE;
      moved += hard + random.nextGaussian() * NOISE;
      double loss = level(step, steps) * (1 + moved / last);
      boolean known = difficulty && step >= steps / 4;
      log.append(on, (float) loss, known ? (float) (1 + hard) : Float.NaN);
    }
    return log;
  }

  /** The loss with every block on, in nats. */
  private static double level(int step, int steps) {
    return 0.5 + 1.5 * Math.exp(-4.0 * step / steps);
  }
}

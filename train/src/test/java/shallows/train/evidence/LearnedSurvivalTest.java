package shallows.train.evidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The rule alone, in closed loop with a simulated training whose blocks have known effects: a loss
 * that falls, is moved by the gates, and is noisy.
 */
class LearnedSurvivalTest {
  private static final int BLOCKS = 12;
  private static final int STEPS = 3000;
  private static final double PRICE = 0.010;

  /** The noise that the probe of the design found in the loss of a batch, in nats. */
  private static final double NOISE = 0.05;

  /** Normal quantile of an interval that holds the truth 95 times in 100. */
  private static final double QUANTILE_95 = 1.96;

  @Test
  void drivesUselessBlocksDownAndKeepsTheOthers() {
    int repetitions = 100;
    int wrong = 0;
    for (int repetition = 0; repetition < repetitions; repetition++) {
      Run run = new Run(repetition);
      run.go(STEPS);
      float[] survival = run.learned.probabilities();
      for (int b = 0; b < BLOCKS; b++) {
        wrong += (survival[b] < 0.5) != isUseless(b) ? 1 : 0;
      }
    }
    // A useless block is 0.010 below its price, and at p = 0.8 an estimate over 1,000 steps has an
    // error of about 0.05 / sqrt(1000·0.16) = 0.004, so one step in a hundred goes the wrong way,
    // and it takes most of 23 to end on the wrong side. Useful blocks are 0.04 above. So less than
    // one in a thousand of the 1,200 should be wrong; by chance more than 6 are less than once in
    // 4,000 seeds (Poisson, mean 1.2).
    assertTrue(wrong <= 6, wrong + " of " + repetitions * BLOCKS);
  }

  @Test
  void theRegressionHasNoBiasWhileTheProbabilitiesMove() {
    int repetitions = 400;
    double[] sums = new double[BLOCKS];
    double squares = 0;
    int covered = 0;
    for (int repetition = 0; repetition < repetitions; repetition++) {
      Run run = new Run(1000 + repetition);
      run.go(2000);
      List<BlockEffects.Effect> effects = BlockEffects.estimate(run.log, 1000, 2000);
      for (int b = 0; b < BLOCKS; b++) {
        double error = effects.get(b).effect() - effect(b);
        sums[b] += error;
        squares += Math.pow(effects.get(b).standardError(), 2);
        boolean holds = Math.abs(error) <= QUANTILE_95 * effects.get(b).standardError();
        covered += holds ? 1 : 0;
      }
    }
    double typical = Math.sqrt(squares / (repetitions * BLOCKS));
    for (int b = 0; b < BLOCKS; b++) {
      // Four deviations of a mean over the repetitions; the errors of fading blocks are larger.
      assertEquals(0, sums[b] / repetitions, 4 * 1.5 * typical / Math.sqrt(repetitions), "" + b);
    }
    // √(0.95·0.05/4800) = 0.0031; fails by chance once in 15,000 seeds.
    assertEquals(0.95, (double) covered / (repetitions * BLOCKS), 4 * 0.0031);
  }

  @Test
  void aBlockWorthItsPriceHardlyMovesFromItsPlace() {
    double[] fair = new double[BLOCKS];
    Arrays.fill(fair, effect(1));
    LearnedSurvival learned = new LearnedSurvival(first(), fair);
    Run run = new Run(5, learned);
    run.go(LearnedSurvival.FIRST);
    // One update: 0.35·tanh(z / 2) with |z| < 4.
    assertTrue(Math.abs(learned.scores()[1] - Math.log(4)) < 0.35);
  }

  @Test
  void nothingMovesBeforeItIsTimeAndProbabilitiesStayInTheirBounds() {
    LearnedSurvival learned = new LearnedSurvival(first(), prices());
    Run run = new Run(6, learned);
    run.go(LearnedSurvival.FIRST - 1);
    for (float p : learned.probabilities()) {
      assertEquals(0.8f, p, 1e-6f);
    }
    run.go(6000);
    for (float p : learned.probabilities()) {
      assertTrue(p >= 0.05f - 1e-6f && p <= 0.95f + 1e-6f, "" + p);
    }
  }

  @Test
  void goesBackToEarlierScores() {
    Run run = new Run(7);
    run.go(1200);
    double[] scores = run.learned.scores();
    LearnedSurvival other = new LearnedSurvival(first(), prices());
    other.restore(scores);
    assertArrayEquals(run.learned.probabilities(), other.probabilities());
  }

  /** Every fourth block is useless by construction. */
  private static boolean isUseless(int block) {
    return block % 4 == 3;
  }

  /** In nats. */
  private static double effect(int block) {
    return isUseless(block) ? 0 : 0.05;
  }

  private static float[] first() {
    float[] first = new float[BLOCKS];
    Arrays.fill(first, 0.8f);
    return first;
  }

  private static double[] prices() {
    return IntStream.range(0, BLOCKS).mapToDouble(b -> PRICE).toArray();
  }

  /** A simulated training. */
  private static final class Run {
    private final Random random;
    private final LearnedSurvival learned;
    private final StepLog log =
        new StepLog(IntStream.range(0, BLOCKS).mapToObj(b -> "block" + b).toList());

    Run(long seed) {
      this(seed, new LearnedSurvival(first(), prices()));
    }

    Run(long seed, LearnedSurvival learned) {
      random = new Random(seed);
      this.learned = learned;
    }

    /** Goes on to this many steps. */
    void go(int steps) {
      while (log.size() < steps) {
        boolean[] on = SurvivalGates.draw(learned.probabilities(), random);
        double loss = 0.3 + Math.exp(-log.size() / 600.0) + NOISE * random.nextGaussian();
        for (int b = 0; b < BLOCKS; b++) {
          loss += on[b] ? 0 : effect(b);
        }
        log.append(on, (float) loss, Float.NaN);
        if (LearnedSurvival.isDue(log.size())) {
          learned.update(log);
        }
      }
    }
  }
}

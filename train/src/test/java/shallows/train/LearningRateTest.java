package shallows.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LearningRateTest {
  private static final double EXACT = 1e-12;

  @Test
  void climbsStraightThenFallsAlongACosine() {
    LearningRate rate = new LearningRate(0.5, 4, 104);
    assertEquals(0.1, rate.at(0), EXACT);
    assertEquals(0.4, rate.at(3), EXACT);
    assertEquals(0.5, rate.at(4), EXACT);
    assertEquals(0.25, rate.at(54), EXACT);
    assertTrue(rate.at(103) > 0 && rate.at(103) < 0.001);
  }

  @Test
  void aTrainingOfOneStepHasNoWarmUp() {
    LearningRate rate = LearningRate.of(TrainingOptions.standard(1).withEpochs(1), 1);
    assertEquals(TrainingOptions.standard(1).learningRate(), rate.at(0), EXACT);
  }

  @Test
  void refusesAWarmUpThatNeverEnds() {
    assertThrows(IllegalArgumentException.class, () -> new LearningRate(0.1, 10, 10));
  }
}

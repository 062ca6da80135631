package shallows.train.options;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What a training asks of the fine-tuning that follows. */
class TrainingOptionsTest {
  private static final TrainingOptions TRAINING = TrainingOptions.standard(1).withEpochs(15);

  @Test
  void aShortFineTuningIsSlowAndOneHalfAsLongAsTheTrainingGoesAtItsRate() {
    assertEquals(0.02, rate(TRAINING, 1));
    assertEquals(0.02, rate(TRAINING, 7));
    assertEquals(0.1, rate(TRAINING, 8));
    assertEquals(0.1, rate(TRAINING, 30));
  }

  @Test
  void noFineTuningIsFasterThanTheTraining() {
    TrainingOptions slow = TRAINING.withSchedule(Schedule.cosine(0.01, 0));
    assertEquals(0.01, rate(slow, 1));
    assertEquals(0.01, rate(slow, 15));
  }

  private static double rate(TrainingOptions training, int epochs) {
    return training.toFineTune(epochs).schedule().learningRate();
  }
}

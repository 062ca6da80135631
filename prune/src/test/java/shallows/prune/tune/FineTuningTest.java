package shallows.prune.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.progress.Progress;
import shallows.prune.SmallNetwork;
import shallows.train.loop.Distillation;
import shallows.train.loop.Trainer;
import shallows.train.options.TrainingOptions;

/** The learning rate of a fine-tuning. */
class FineTuningTest {
  private static final TrainingOptions TRAINING = TrainingOptions.standard(1);

  private static SmallNetwork small;

  @TempDir Path folder;

  @BeforeAll
  static void trainSmallNetwork() {
    small = SmallNetwork.trained();
  }

  @Test
  void isLowUnlessAnotherIsAskedFor() throws IOException {
    double standard = rateHalfWay(null);
    double asked = rateHalfWay(0.1);
    // A cosine has come down to about half of the largest rate then; both schedules are alike.
    assertTrue(standard > 0.008 && standard < 0.014, () -> "" + standard);
    assertEquals(5, asked / standard, 1e-4);
  }

  @Test
  void saysTheRateThatWasAskedFor() {
    assertEquals("2 epochs", tuning(null).inWords());
    assertEquals("2 epochs at up to 0.1", tuning(0.1).inWords());
  }

  /** The learning rate at the end of the first of two epochs. */
  private double rateHalfWay(Double rate) throws IOException {
    tuning(rate).run(small.full(), folder, Progress.SILENT);
    List<String> rows = Files.readAllLines(folder.resolve(Trainer.HISTORY));
    int column = List.of(rows.get(0).split(",")).indexOf("learningRate");
    return Double.parseDouble(rows.get(1).split(",")[column]);
  }

  private static FineTuning tuning(Double rate) {
    return new FineTuning(
        small.train(),
        small.heldOut(),
        2,
        rate,
        TRAINING,
        small.full(),
        Distillation.Options.none(),
        SmallNetwork.COMPUTE);
  }
}

package shallows.train.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.Augmentation;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.train.TestImages;
import shallows.train.options.Batching;
import shallows.train.options.Compute;
import shallows.train.options.Optimizer;
import shallows.train.options.Regularization;
import shallows.train.options.Schedule;
import shallows.train.options.Selection;
import shallows.train.options.StochasticDepth;
import shallows.train.options.TrainingOptions;

class TrainerTest {
  private static final Compute COMPUTE = Compute.cpu(2);
  private static final TrainingOptions OPTIONS = options(7);

  private final Graph graph = TestImages.network(1);
  private final LabelledImages train = TestImages.of(200, 1);
  private final LabelledImages heldOut = TestImages.of(60, 2);

  @TempDir Path folder;

  private static TrainingOptions options(long seed) {
    return new TrainingOptions(
        3,
        seed,
        Batching.inParts(16),
        Schedule.cosine(0.05, 0.1),
        Optimizer.of(0.9, 1e-4),
        Regularization.NONE,
        new Augmentation(false, 1),
        Selection.LAST);
  }

  @Test
  void learnsToTellTheClassesApart() {
    TrainedNetwork trained = train(OPTIONS.withEpochs(6));
    Epoch first = trained.history().get(0);
    Epoch last = trained.history().get(5);
    assertTrue(last.trainLoss() < first.trainLoss() / 2, trained.history().toString());
    // A third is chance; with eight other seeds all were right, and the loss fell by a factor of
    // 29.
    assertTrue(last.heldOutAccuracy() > 0.8, trained.history().toString());
  }

  @Test
  void theSameSeedGivesTheSameBitsAndAnotherSeedOthers() {
    TrainedNetwork once = train(OPTIONS);
    SameTraining.assertSame(once, train(OPTIONS));
    assertFalse(
        Arrays.equals(
            once.graph().parameter("classifier/weight").values(),
            train(options(8)).graph().parameter("classifier/weight").values()));
  }

  @Test
  void logsMaskLossAndDifficultyOfEveryStep() {
    TrainedNetwork trained = train(OPTIONS);
    assertEquals(36, trained.steps().size());
    for (int step = 0; step < 36; step++) {
      // 12 steps an epoch; in the first one no image was seen before.
      assertEquals(step < 12, Float.isNaN(trained.steps().difficulty(step)), "step " + step);
    }
    assertEquals(36, trained.steps().timesOn(0) + timesOff(trained, 0));
    assertTrue(trained.steps().timesOn(5) < 36);
    double active = 0;
    for (int b = 0; b < 6; b++) {
      active += trained.steps().timesOn(b) / 36.0;
    }
    double history =
        trained.history().stream().mapToDouble(Epoch::activeBlocks).average().orElseThrow();
    assertEquals(active, history, 1e-9);
  }

  @Test
  void withoutStochasticDepthEveryBlockIsOn() {
    TrainedNetwork trained =
        Trainer.train(
            Trainee.of(graph, StochasticDepth.NONE),
            new HeldOutSplit(train, heldOut),
            OPTIONS.withEpochs(1),
            COMPUTE,
            Progress.SILENT);
    for (int b = 0; b < 6; b++) {
      assertEquals(12, trained.steps().timesOn(b));
    }
  }

  @Test
  void writesOneLineAnEpoch() throws IOException {
    Trainer.train(
        Trainee.of(graph),
        new HeldOutSplit(train, heldOut),
        OPTIONS,
        COMPUTE,
        folder,
        Safeguards.standard(),
        Progress.SILENT);
    List<String> lines = Files.readAllLines(folder.resolve("history.csv"));
    assertEquals(4, lines.size());
    assertEquals(
        "epoch,steps,learningRate,trainLoss,trainAccuracy,heldOutLoss,heldOutAccuracy,"
            + "activeBlocks,imagesPerSecond,seconds,rollbacks,waiting,phase,ended",
        lines.get(0));
    assertTrue(lines.get(3).startsWith("3,12,"), lines.get(3));
    assertEquals(14, lines.get(3).split(",").length);
  }

  private static int timesOff(TrainedNetwork trained, int block) {
    int off = 0;
    for (int step = 0; step < trained.steps().size(); step++) {
      off += trained.steps().isOn(step, block) ? 0 : 1;
    }
    return off;
  }

  private TrainedNetwork train(TrainingOptions options) {
    return Trainer.train(
        Trainee.of(graph), new HeldOutSplit(train, heldOut), options, COMPUTE, Progress.SILENT);
  }
}

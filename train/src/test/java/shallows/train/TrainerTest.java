package shallows.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Tensor;
import shallows.model.images.Augmentation;
import shallows.model.images.LabelledImages;
import shallows.model.progress.Progress;
import shallows.train.checkpoint.Checkpoint;
import shallows.train.options.Batching;
import shallows.train.options.Optimizer;
import shallows.train.options.Schedule;

class TrainerTest {
  private static final Compute COMPUTE = Compute.cpu(2);
  private static final TrainingOptions OPTIONS =
      new TrainingOptions(
          3,
          7,
          Batching.inParts(16),
          Schedule.cosine(0.05, 0.1),
          new Optimizer(0.9, 1e-4),
          new Augmentation(false, 1),
          true);

  private final Graph graph = TestImages.network(1);
  private final LabelledImages train = TestImages.of(200, 1);
  private final LabelledImages heldOut = TestImages.of(60, 2);

  @TempDir Path folder;

  @Test
  void learnsToTellTheClassesApart() {
    TrainedNetwork trained = run(OPTIONS.withEpochs(6), folder, false, Progress.SILENT);
    Epoch first = trained.history().get(0);
    Epoch last = trained.history().get(5);
    assertTrue(last.trainLoss() < first.trainLoss() / 2, trained.history().toString());
    // A third is chance.
    assertTrue(last.heldOutAccuracy() > 0.8, trained.history().toString());
  }

  @Test
  void theSameSeedGivesTheSameBitsAndAnotherSeedOthers() {
    TrainedNetwork once = train(OPTIONS);
    assertSame(once, train(OPTIONS));
    assertFalse(
        Arrays.equals(
            once.graph().parameter("classifier/weight").values(),
            train(OPTIONS.withSeed(8)).graph().parameter("classifier/weight").values()));
  }

  @Test
  void aTrainingThatWasInterruptedEndsWithTheSameBits() throws IOException {
    TrainedNetwork whole = run(OPTIONS, folder.resolve("whole"), false, Progress.SILENT);
    Path interrupted = folder.resolve("interrupted");
    // 12 steps an epoch: stopped in the middle of the third, then once more at its first step.
    for (int steps : List.of(29, 0)) {
      assertThrows(
          Interruption.class, () -> run(OPTIONS, interrupted, true, new Interruption.After(steps)));
    }
    TrainedNetwork resumed = run(OPTIONS, interrupted, true, Progress.SILENT);
    assertSame(whole, resumed);
    Checkpoint expected = Checkpoint.read(folder.resolve("whole").resolve(Trainer.CHECKPOINT));
    Checkpoint found = Checkpoint.read(interrupted.resolve(Trainer.CHECKPOINT));
    assertSame(expected.velocities(), found.velocities());
    assertArrayEquals(expected.lastLosses(), found.lastLosses());
  }

  @Test
  void aFinishedTrainingResumesWithNothingToDo() {
    TrainedNetwork finished = run(OPTIONS, folder, false, Progress.SILENT);
    assertSame(finished, run(OPTIONS, folder, true, new Interruption.After(36)));
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
    TrainedNetwork trained = train(OPTIONS.withEpochs(1).withStochasticDepth(false));
    for (int b = 0; b < 6; b++) {
      assertEquals(12, trained.steps().timesOn(b));
    }
  }

  @Test
  void writesOneLineAnEpoch() throws IOException {
    run(OPTIONS, folder, false, Progress.SILENT);
    List<String> lines = Files.readAllLines(folder.resolve("history.csv"));
    assertEquals(4, lines.size());
    assertEquals(
        "epoch,steps,learningRate,trainLoss,trainAccuracy,heldOutLoss,heldOutAccuracy,"
            + "activeBlocks,imagesPerSecond,seconds",
        lines.get(0));
    assertTrue(lines.get(3).startsWith("3,12,"), lines.get(3));
    assertEquals(10, lines.get(3).split(",").length);
  }

  @Test
  void aLossThatIsNotFiniteStopsAndKeepsTheCheckpoint() throws IOException {
    assertThrows(Interruption.class, () -> run(OPTIONS, folder, false, new Interruption.After(20)));
    Path file = folder.resolve(Trainer.CHECKPOINT);
    poison(file);
    byte[] before = Files.readAllBytes(file);
    BadInputException e =
        assertThrows(BadInputException.class, () -> run(OPTIONS, folder, true, Progress.SILENT));
    assertTrue(e.getMessage().contains("step 1 of epoch 2 with learning rate"), e.getMessage());
    assertTrue(e.getMessage().contains("checkpoint of epoch 1 is kept"), e.getMessage());
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  @Test
  void aLearningRateThatIsFarTooLargeIsNamed() {
    BadInputException e =
        assertThrows(BadInputException.class, () -> train(OPTIONS.withLearningRate(1e30)));
    assertTrue(e.getMessage().contains("smaller learning rate"), e.getMessage());
  }

  @Test
  void aCheckpointOfOtherOptionsIsRefusedByName() {
    run(OPTIONS.withEpochs(1), folder, false, Progress.SILENT);
    for (TrainingOptions other : List.of(OPTIONS, OPTIONS.withEpochs(1).withLearningRate(0.06))) {
      BadInputException e =
          assertThrows(BadInputException.class, () -> run(other, folder, true, Progress.SILENT));
      assertTrue(
          e.getMessage().matches(".*last.safetensors: .*(epochs 3|schedule.learningRate 0.06).*"),
          e.getMessage());
    }
  }

  @Test
  void aCheckpointOfAnotherNetworkOrOtherImagesIsRefused() {
    TrainingOptions options = OPTIONS.withEpochs(1);
    run(options, folder, false, Progress.SILENT);
    BadInputException network =
        assertThrows(
            BadInputException.class,
            () ->
                Trainer.train(
                    TestImages.network(2),
                    train,
                    heldOut,
                    options,
                    COMPUTE,
                    folder,
                    true,
                    Progress.SILENT));
    assertTrue(network.getMessage().contains("network"), network.getMessage());
    BadInputException images =
        assertThrows(
            BadInputException.class,
            () ->
                Trainer.train(
                    graph,
                    TestImages.of(200, 9),
                    heldOut,
                    options,
                    COMPUTE,
                    folder,
                    true,
                    Progress.SILENT));
    assertTrue(images.getMessage().contains("training images"), images.getMessage());
  }

  /** Puts a weight into the checkpoint that makes every loss infinite. */
  private static void poison(Path file) {
    Checkpoint good = Checkpoint.read(file);
    Tensor bias = good.parameters().get("classifier/bias");
    float[] values = bias.values().clone();
    values[0] = Float.POSITIVE_INFINITY;
    Map<String, Tensor> parameters = new LinkedHashMap<>(good.parameters());
    parameters.put("classifier/bias", new Tensor(bias.shape(), values));
    new Checkpoint(
            good.identity(),
            parameters,
            good.velocities(),
            good.lastLosses(),
            good.steps(),
            good.history())
        .write(file);
  }

  private static int timesOff(TrainedNetwork trained, int block) {
    int off = 0;
    for (int step = 0; step < trained.steps().size(); step++) {
      off += trained.steps().isOn(step, block) ? 0 : 1;
    }
    return off;
  }

  private TrainedNetwork train(TrainingOptions options) {
    return Trainer.train(graph, train, heldOut, options, COMPUTE, Progress.SILENT);
  }

  private TrainedNetwork run(
      TrainingOptions options, Path where, boolean resume, Progress progress) {
    return Trainer.train(graph, train, heldOut, options, COMPUTE, where, resume, progress);
  }

  private static void assertSame(TrainedNetwork expected, TrainedNetwork found) {
    assertSame(expected.graph().parameters(), found.graph().parameters());
    assertEquals(expected.steps().size(), found.steps().size());
    for (int step = 0; step < expected.steps().size(); step++) {
      assertEquals(expected.steps().loss(step), found.steps().loss(step));
      assertEquals(expected.steps().difficulty(step), found.steps().difficulty(step));
      for (int b = 0; b < expected.steps().blocks().size(); b++) {
        assertEquals(expected.steps().isOn(step, b), found.steps().isOn(step, b));
      }
    }
  }

  private static void assertSame(Map<String, Tensor> expected, Map<String, Tensor> found) {
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach(
        (name, value) -> assertArrayEquals(value.values(), found.get(name).values(), name));
  }

  /** What a killed process looks like from inside: everything after some step never happens. */
  private static final class Interruption extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Listens to a training and stops it behind a number of steps. */
    private static final class After implements Progress {
      private final long limit;
      private long steps;

      After(long limit) {
        this.limit = limit;
      }

      @Override
      public void start(String task, long total) {}

      @Override
      public void advance(long amount, String note) {
        steps += amount;
        if (steps > limit) {
          throw new Interruption();
        }
      }

      @Override
      public void finish() {}
    }
  }
}

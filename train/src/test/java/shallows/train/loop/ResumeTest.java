package shallows.train.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.Augmentation;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.network.Networks;
import shallows.model.progress.Progress;
import shallows.train.TestImages;
import shallows.train.checkpoint.Checkpoint;
import shallows.train.checkpoint.State;
import shallows.train.options.Batching;
import shallows.train.options.Compute;
import shallows.train.options.Optimizer;
import shallows.train.options.Regularization;
import shallows.train.options.Schedule;
import shallows.train.options.Selection;
import shallows.train.options.TrainingOptions;

class ResumeTest {
  private static final Compute COMPUTE = Compute.cpu(2);

  /** 12 steps an epoch. */
  static final TrainingOptions OPTIONS =
      new TrainingOptions(
          3,
          7,
          Batching.inParts(16),
          Schedule.cosine(0.05, 0.1),
          Optimizer.of(0.9, 1e-4),
          Regularization.NONE,
          new Augmentation(false, 1),
          Selection.LAST);

  private static final Safeguards RESUME = Safeguards.standard().withResume(true);
  private static final Safeguards EVERY_STEP =
      new Safeguards(true, Duration.ZERO, Safeguards.OnDivergence.STOP);

  private Graph graph = TestImages.network(1);
  private final LabelledImages train = TestImages.of(200, 1);
  private final LabelledImages heldOut = TestImages.of(60, 2);

  @TempDir Path folder;

  @Test
  void aTrainingInterruptedBetweenCheckpointsEndsWithTheSameBits() throws IOException {
    // In the middle of the third epoch, once more at its first step, and again.
    assertEndsTheSame(RESUME, List.of(29, 0, 3));
  }

  @Test
  void aTrainingInterruptedInTheMiddleOfAnEpochEndsWithTheSameBits() throws IOException {
    assertEndsTheSame(EVERY_STEP, List.of(5, 0, 11, 1, 12));
  }

  @Test
  void regionsThatStepsDrawAreDrawnAgain() throws IOException {
    Shape image = graph.input().shape();
    graph = Networks.create("fmp-6-2-random-d0.2", image, graph.task(), 1);
    assertEndsTheSame(EVERY_STEP, List.of(5, 11));
  }

  private void assertEndsTheSame(Safeguards safeguards, List<Integer> stops) throws IOException {
    Path interrupted = folder.resolve("interrupted");
    for (int steps : stops) {
      assertThrows(
          Interruption.class,
          () -> run(OPTIONS, interrupted, safeguards, new Interruption.After(steps)));
    }
    TrainedNetwork resumed = run(OPTIONS, interrupted, safeguards, Progress.SILENT);
    TrainedNetwork whole = run(OPTIONS, folder.resolve("whole"), safeguards, Progress.SILENT);
    SameTraining.assertSame(whole, resumed);
    Checkpoint expected = Checkpoint.read(newest(folder.resolve("whole")));
    Checkpoint found = Checkpoint.read(newest(interrupted));
    assertEquals(expected.states().keySet(), found.states().keySet());
    for (String name : expected.states().keySet()) {
      State state = found.states().get(name);
      SameTraining.assertSame(expected.states().get(name).tensors(), state.tensors());
    }
    assertEquals(List.of(1, 2, 3), resumed.history().stream().map(Epoch::epoch).toList());
    assertEquals(
        whole.history().stream().map(Epoch::trainLoss).toList(),
        resumed.history().stream().map(Epoch::trainLoss).toList());
  }

  @Test
  void aCheckpointEveryStepLosesNoStep() {
    assertThrows(
        Interruption.class, () -> run(OPTIONS, folder, EVERY_STEP, new Interruption.After(17)));
    // The eighteenth step was done, but the process died before it was saved.
    Interruption.After rest = new Interruption.After(36 - 17);
    run(OPTIONS, folder, EVERY_STEP, rest);
    assertThrows(Interruption.class, () -> rest.advance(1, ""));
  }

  @Test
  void keepsTheLastThreeAndTheLastTwoEpochs() throws IOException {
    assertThrows(
        Interruption.class, () -> run(OPTIONS, folder, EVERY_STEP, new Interruption.After(20)));
    assertEquals(List.of(0L, 12L, 18L, 19L, 20L), steps(folder));
  }

  @Test
  void aFinishedTrainingResumesWithNothingToDo() {
    TrainedNetwork finished = run(OPTIONS, folder, Safeguards.standard(), Progress.SILENT);
    SameTraining.assertSame(finished, run(OPTIONS, folder, RESUME, new Interruption.After(0)));
  }

  @Test
  void aDamagedCheckpointIsNamedAndTheOneBeforeIsUsed() throws IOException {
    assertThrows(
        Interruption.class, () -> run(OPTIONS, folder, EVERY_STEP, new Interruption.After(20)));
    Path damaged = newest(folder);
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length / 2] ^= 4;
    Files.write(damaged, bytes);
    Interruption.After listener = new Interruption.After(36 - 19);
    TrainedNetwork resumed = run(OPTIONS, folder, EVERY_STEP, listener);
    assertEquals(1, listener.remarks().size(), listener.remarks().toString());
    String remark = listener.remarks().get(0);
    assertTrue(remark.startsWith(damaged + ": expected a whole checkpoint"), remark);
    assertTrue(remark.endsWith("; the one before it is tried"), remark);
    SameTraining.assertSame(
        run(OPTIONS, folder.resolve("whole"), RESUME, Progress.SILENT), resumed);
  }

  @Test
  void whereAllAreDamagedNothingIsLost() throws IOException {
    run(OPTIONS.withEpochs(1), folder, EVERY_STEP, Progress.SILENT);
    for (long step : steps(folder)) {
      Files.writeString(file(folder, step), "noise");
    }
    List<Long> before = steps(folder);
    BadInputException e =
        assertThrows(
            BadInputException.class,
            () -> run(OPTIONS.withEpochs(1), folder, RESUME, Progress.SILENT));
    assertTrue(e.getMessage().contains("training goes on from"), e.getMessage());
    assertEquals(before, steps(folder));
  }

  @Test
  void aTrainingFromTheBeginningTakesEarlierCheckpointsAway() throws IOException {
    run(OPTIONS, folder, Safeguards.standard(), Progress.SILENT);
    assertThrows(
        Interruption.class,
        () -> run(OPTIONS, folder, Safeguards.standard(), new Interruption.After(0)));
    assertEquals(List.of(0L), steps(folder));
    Trainer.clear(folder);
    assertFalse(Files.exists(Trainer.checkpoints(folder)));
  }

  @Test
  void aCheckpointOfOtherOptionsIsRefusedByName() {
    run(OPTIONS.withEpochs(1), folder, RESUME, Progress.SILENT);
    for (TrainingOptions other : List.of(OPTIONS, OPTIONS.withEpochs(1).withLearningRate(0.06))) {
      BadInputException e =
          assertThrows(BadInputException.class, () -> run(other, folder, RESUME, Progress.SILENT));
      assertTrue(
          e.getMessage()
              .matches(".*step-0000000012.safetensors: .*(epochs 3|schedule.learningRate 0.06).*"),
          e.getMessage());
    }
  }

  @Test
  void aCheckpointOfAnotherNetworkOrOtherImagesIsRefused() {
    TrainingOptions options = OPTIONS.withEpochs(1);
    run(options, folder, RESUME, Progress.SILENT);
    assertRefused(TestImages.network(2), train, "network");
    assertRefused(graph, TestImages.of(200, 9), "training images");
  }

  /** There the threads share each operation, and how it is cut among them rounds otherwise. */
  @Test
  void anotherNumberOfThreadsIsRefusedWhereABatchIsNormalizedAsAWhole() {
    TrainingOptions whole = OPTIONS.withEpochs(1).withBatching(Batching.whole(16));
    TrainedNetwork once = run(whole, Compute.cpu(1), RESUME);
    BadInputException e =
        assertThrows(BadInputException.class, () -> run(whole, Compute.cpu(2), RESUME));
    assertTrue(e.getMessage().contains("(threads 2), found 1"), e.getMessage());
    SameTraining.assertSame(once, run(whole, Compute.cpu(1), RESUME));
  }

  @Test
  void anotherNumberOfThreadsGoesOnWhereABatchIsInParts() {
    TrainedNetwork once = run(OPTIONS.withEpochs(1), Compute.cpu(1), RESUME);
    SameTraining.assertSame(once, run(OPTIONS.withEpochs(1), Compute.cpu(2), RESUME));
  }

  private TrainedNetwork run(TrainingOptions options, Compute compute, Safeguards safeguards) {
    return Trainer.train(
        Trainee.of(graph),
        new HeldOutSplit(train, heldOut),
        options,
        compute,
        folder,
        safeguards,
        Progress.SILENT);
  }

  private void assertRefused(Graph network, LabelledImages images, String what) {
    BadInputException e =
        assertThrows(
            BadInputException.class,
            () ->
                Trainer.train(
                    Trainee.of(network),
                    new HeldOutSplit(images, heldOut),
                    OPTIONS.withEpochs(1),
                    COMPUTE,
                    folder,
                    RESUME,
                    Progress.SILENT));
    assertTrue(e.getMessage().contains(what), e.getMessage());
  }

  private static Path newest(Path of) throws IOException {
    List<Long> steps = steps(of);
    return file(of, steps.get(steps.size() - 1));
  }

  private static Path file(Path of, long step) {
    return Trainer.checkpoints(of).resolve("step-%010d.safetensors".formatted(step));
  }

  /** Of the checkpoints that are there, ascending. */
  private static List<Long> steps(Path of) throws IOException {
    try (Stream<Path> files = Files.list(Trainer.checkpoints(of))) {
      return files
          .map(file -> Long.parseLong(file.getFileName().toString().replaceAll("\\D", "")))
          .sorted()
          .toList();
    }
  }

  private TrainedNetwork run(
      TrainingOptions options, Path where, Safeguards safeguards, Progress progress) {
    return Trainer.train(
        Trainee.of(graph),
        new HeldOutSplit(train, heldOut),
        options,
        COMPUTE,
        where,
        safeguards,
        progress);
  }
}

package shallows.train.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.network.Networks;
import shallows.model.network.SurvivalSchedule;
import shallows.model.progress.Progress;
import shallows.train.TestImages;
import shallows.train.checkpoint.Checkpoint;
import shallows.train.checkpoint.State;
import shallows.train.engine.Pace;
import shallows.train.options.Compute;
import shallows.train.options.StochasticDepth;
import shallows.train.options.TrainingOptions;

/**
 * On a GPU several steps are loaded together, done without a look at what comes of them, and looked
 * at together, while the next ones are made. Here the processor does the same.
 */
class StepGroupsTest {
  private static final Safeguards STOP = Safeguards.standard().withResume(true);
  private static final Safeguards EVERY_GROUP =
      new Safeguards(true, Duration.ZERO, Safeguards.OnDivergence.STOP);
  private static final Safeguards ROLLBACK =
      new Safeguards(true, STOP.checkpointEvery(), Safeguards.OnDivergence.ROLLBACK);

  /** A step of the second epoch of 12. */
  private static final int DIVERGES = 19;

  private final Graph graph = TestImages.network(1);
  private final LabelledImages train = TestImages.of(200, 1);
  private final LabelledImages heldOut = TestImages.of(60, 2);

  @TempDir Path folder;

  @Test
  void groupsOfAnySizeChangeNoBit() throws IOException {
    TrainedNetwork single = run(1, ResumeTest.OPTIONS, STOP, Progress.SILENT);
    // 12 steps an epoch: groups that fit, that do not, and that would reach over its end.
    for (int size : new int[] {2, 5, 100}) {
      TrainedNetwork grouped = run(size, ResumeTest.OPTIONS, STOP, Progress.SILENT);
      SameTraining.assertSame(single, grouped);
      assertSameHistory(single, grouped);
      Map<String, State> expected = last(folder(1)).states();
      Map<String, State> found = last(folder(size)).states();
      assertEquals(expected.keySet(), found.keySet());
      expected.forEach(
          (name, state) -> SameTraining.assertSame(state.tensors(), found.get(name).tensors()));
    }
  }

  /** There outcomes are computed in Java. */
  @Test
  void stepByStepTheWeightsHaveTheSameBitsAndTheLossesTheSameDigits() {
    TrainedNetwork grouped = run(5, ResumeTest.OPTIONS, STOP, Progress.SILENT);
    TrainedNetwork single =
        training(Trainee.of(graph), ResumeTest.OPTIONS, STOP, Progress.SILENT, 0)
            .atPace(Pace.STEP_BY_STEP)
            .run();
    SameTraining.assertSame(single.graph().parameters(), grouped.graph().parameters());
    for (int step = 0; step < 36; step++) {
      float loss = single.steps().loss(step);
      assertEquals(loss, grouped.steps().loss(step), Math.ulp(loss));
    }
    for (int e = 0; e < 3; e++) {
      double accuracy = single.history().get(e).trainAccuracy();
      assertEquals(accuracy, grouped.history().get(e).trainAccuracy());
    }
  }

  @Test
  void neitherDoTheyWithLearnedSurvivalMixedImagesAndAnAverage() {
    Trainee learning =
        Trainee.of(
            RecipeTrainingTest.LEARNED.applyTo(graph),
            StochasticDepth.of(RecipeTrainingTest.LEARNED));
    TrainingOptions options = RecipeTrainingTest.EVERYTHING;
    TrainedNetwork single = run(learning, 1, options, STOP, Progress.SILENT);
    // 7 divides neither the 50 steps of an epoch nor the 800 until survival first moves.
    TrainedNetwork grouped = run(learning, 7, options, STOP, Progress.SILENT);
    SameTraining.assertSame(single, grouped);
    assertSameHistory(single, grouped);
    assertEquals(2, grouped.survival().size());
    assertEquals(single.survival(), grouped.survival());
  }

  @Test
  void neitherDoTheyWithDropoutAndAGateForEachImage() {
    SurvivalSchedule perSample = SurvivalSchedule.parse("per-sample:0.5");
    Task task = new Task(List.of("left", "right", "top"), List.of(0.4f), List.of(0.25f));
    Graph dropping =
        perSample.applyTo(
            Networks.create(
                "wrn-10-1-d0.3", Shape.of(1, TestImages.SIDE, TestImages.SIDE), task, 1));
    Trainee trainee = Trainee.of(dropping, StochasticDepth.of(perSample));
    TrainingOptions options = ResumeTest.OPTIONS.withEpochs(1);
    SameTraining.assertSame(
        run(trainee, 1, options, STOP, Progress.SILENT),
        run(trainee, 5, options, STOP, Progress.SILENT));
  }

  @Test
  void whatWasInterruptedGoesOnInGroupsOfAnotherSize() {
    TrainedNetwork single = run(1, ResumeTest.OPTIONS, STOP, Progress.SILENT);
    // In the middle of groups, of 5, 5 and 2 steps.
    for (int steps : List.of(8, 0, 13)) {
      assertThrows(
          Interruption.class,
          () -> run(5, ResumeTest.OPTIONS, EVERY_GROUP, new Interruption.After(steps)));
    }
    TrainingRun resumed =
        training(Trainee.of(graph), ResumeTest.OPTIONS, EVERY_GROUP, Progress.SILENT, 5);
    SameTraining.assertSame(single, resumed.atPace(new Pace(3, true)).run());
  }

  @Test
  void aStepThatDivergesIsNamedThoughOthersFollowed() {
    String single = message(1, STOP);
    double rate = ResumeTest.OPTIONS.schedule().at(DIVERGES - 1L, 36);
    String expected = "found NaN at step 7 of epoch 2 with learning rate %.4g; ".formatted(rate);
    assertTrue(single.contains(expected), single);
    for (int size : new int[] {2, 5, 12}) {
      assertEquals(single, message(size, STOP));
    }
  }

  @Test
  void noCheckpointIsOfAStateThatDiverged() throws IOException {
    message(5, EVERY_GROUP);
    List<Long> steps = new ArrayList<>();
    try (Stream<Path> files = Files.list(Trainer.checkpoints(folder(5)))) {
      for (Path file : files.toList()) {
        Checkpoint checkpoint = Checkpoint.read(file);
        steps.add(checkpoint.step());
        for (Tensor tensor : checkpoint.states().get("network").tensors().values()) {
          for (float value : tensor.values()) {
            assertTrue(Float.isFinite(value), file.toString());
          }
        }
      }
    }
    // Of the beginning and the end of the first epoch, and of the last groups before.
    assertEquals(List.of(0L, 10L, 12L, 17L), steps.stream().sorted().toList());
  }

  @Test
  void rollbacksChangeNoBitEither() {
    TrainedNetwork single = rollingBack(1);
    TrainedNetwork grouped = rollingBack(5);
    assertEquals(2, grouped.rollbacks().size());
    assertEquals(single.rollbacks(), grouped.rollbacks());
    SameTraining.assertSame(single, grouped);
  }

  /** Twice, out of the middle of a group. */
  private TrainedNetwork rollingBack(int size) {
    return training(
            Trainee.of(graph).towards(new Spoiling(19, 2)),
            ResumeTest.OPTIONS,
            ROLLBACK,
            Progress.SILENT,
            size)
        .atPace(new Pace(size, true))
        .run();
  }

  private String message(int size, Safeguards safeguards) {
    int[] batches = {0};
    // Batches are made once each and in their order, however many at a time.
    TargetRule spoilsOne =
        (pixels, count, targets) -> {
          batches[0]++;
          if (batches[0] == DIVERGES) {
            targets[0] = Float.NaN;
          }
        };
    TrainingRun run =
        training(
            Trainee.of(graph).towards(spoilsOne),
            ResumeTest.OPTIONS,
            safeguards,
            Progress.SILENT,
            size);
    return assertThrows(BadInputException.class, run.atPace(new Pace(size, true))::run)
        .getMessage();
  }

  /** All but what a clock measures. */
  private static void assertSameHistory(TrainedNetwork expected, TrainedNetwork found) {
    assertEquals(expected.history().size(), found.history().size());
    for (int e = 0; e < expected.history().size(); e++) {
      Epoch one = expected.history().get(e);
      Epoch other = found.history().get(e);
      assertEquals(one.trainLoss(), other.trainLoss());
      assertEquals(one.trainAccuracy(), other.trainAccuracy());
      assertEquals(one.heldOutLoss(), other.heldOutLoss());
      assertEquals(one.heldOutAccuracy(), other.heldOutAccuracy());
      assertEquals(one.activeBlocks(), other.activeBlocks());
      assertEquals(one.learningRate(), other.learningRate());
    }
  }

  private static Checkpoint last(Path of) throws IOException {
    try (Stream<Path> files = Files.list(Trainer.checkpoints(of))) {
      return Checkpoint.read(files.sorted().reduce((first, second) -> second).orElseThrow());
    }
  }

  private TrainedNetwork run(
      int size, TrainingOptions options, Safeguards safeguards, Progress progress) {
    return run(Trainee.of(graph), size, options, safeguards, progress);
  }

  private TrainedNetwork run(
      Trainee trainee,
      int size,
      TrainingOptions options,
      Safeguards safeguards,
      Progress progress) {
    return training(trainee, options, safeguards, progress, size)
        .atPace(new Pace(size, true))
        .run();
  }

  private TrainingRun training(
      Trainee trainee,
      TrainingOptions options,
      Safeguards safeguards,
      Progress progress,
      int folder) {
    return new TrainingRun(
        trainee,
        new HeldOutSplit(train, heldOut),
        options,
        Compute.cpu(1),
        folder(folder),
        safeguards,
        progress);
  }

  private Path folder(int size) {
    return folder.resolve("groups of " + size);
  }
}

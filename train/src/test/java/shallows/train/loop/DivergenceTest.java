package shallows.train.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.Augmentation;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.train.TestImages;
import shallows.train.loop.Safeguards.OnDivergence;
import shallows.train.options.Batching;
import shallows.train.options.Compute;
import shallows.train.options.Optimizer;
import shallows.train.options.Regularization;
import shallows.train.options.Schedule;
import shallows.train.options.Selection;
import shallows.train.options.TrainingOptions;

/**
 * Trainings whose learning rate is far too large, and trainings one of whose batches is spoiled.
 */
class DivergenceTest {
  private static final Compute COMPUTE = Compute.cpu(2);

  /** 12 steps an epoch. */
  private static final TrainingOptions OPTIONS =
      new TrainingOptions(
          3,
          7,
          Batching.inParts(16),
          Schedule.cosine(0.05, 0.1),
          Optimizer.of(0.9, 1e-4),
          Regularization.NONE,
          new Augmentation(false, 1),
          Selection.LAST);

  /** No number of halvings helps against this. */
  private static final double HOPELESS = 1e30;

  /** In the middle of the second epoch. */
  private static final int MIDDLE = 18;

  private static final Safeguards STOP = Safeguards.standard().withResume(true);
  private static final Safeguards ROLLBACK =
      new Safeguards(true, STOP.checkpointEvery(), OnDivergence.ROLLBACK);

  private final Graph graph = TestImages.network(1);
  private final LabelledImages train = TestImages.of(200, 1);
  private final LabelledImages heldOut = TestImages.of(60, 2);

  @TempDir Path folder;

  @Test
  void stopsWithTheStepTheRateAndTheWayOut() throws IOException {
    TrainingOptions options = OPTIONS.withLearningRate(HOPELESS);
    BadInputException e =
        assertThrows(BadInputException.class, () -> run(options, folder, STOP, Progress.SILENT));
    assertTrue(
        e.getMessage()
            .matches(
                ".*found (NaN|-?Infinity) at step \\d+ of epoch 1 with learning rate \\S+e\\+\\d+; "
                    + "train with a smaller learning rate, or go on with onDivergence rollback"),
        e.getMessage());
  }

  @Test
  void aLaterEpochThatDivergesKeepsTheCheckpointOfTheOneBefore() throws IOException {
    BadInputException e =
        assertThrows(
            BadInputException.class,
            () -> run(new Spoiling(MIDDLE, 1), folder, STOP, Progress.SILENT));
    assertTrue(e.getMessage().contains("checkpoint of epoch 1 is kept"), e.getMessage());
    assertTrue(Files.exists(Trainer.checkpoints(folder).resolve("step-0000000012.safetensors")));
  }

  @Test
  void goesBackToTheLastGoodEpochAtHalfTheRate() throws IOException {
    Interruption.After listener = new Interruption.After(Long.MAX_VALUE);
    TrainedNetwork trained = run(new Spoiling(MIDDLE, 1), folder, ROLLBACK, listener);
    double rate = OPTIONS.schedule().at(MIDDLE - 1L, 36);
    assertEquals(List.of(new Rollback(2, MIDDLE, "NaN", rate, 12)), trained.rollbacks());
    assertEquals(1, listener.remarks().size(), listener.remarks().toString());
    assertEquals(36, trained.steps().size());
    Epoch last = trained.history().get(2);
    assertEquals(1, last.rollbacks());
    assertEquals(OPTIONS.schedule().at(35, 36) / 2, last.learningRate());
    List<String> lines = Files.readAllLines(folder.resolve("history.csv"));
    assertEquals(4, lines.size());
    int column = List.of(lines.get(0).split(",")).indexOf("rollbacks");
    assertEquals("1", lines.get(3).split(",")[column], lines.get(3));
  }

  @Test
  void aPlaceItDivergedFromTwiceIsNotGoneBackToAgain() {
    List<Rollback> rollbacks =
        run(new Spoiling(MIDDLE, 2), folder, ROLLBACK, Progress.SILENT).rollbacks();
    assertEquals(List.of(12L, 0L), rollbacks.stream().map(Rollback::backTo).toList());
    assertEquals(
        List.of((long) MIDDLE, (long) MIDDLE), rollbacks.stream().map(Rollback::step).toList());
  }

  @Test
  void whenCheckpointsAreWrittenOrTheProcessDiesChangesNoBit() {
    int late = 27;
    TrainedNetwork whole =
        run(new Spoiling(late, 1), folder.resolve("whole"), ROLLBACK, Progress.SILENT);
    Safeguards everyStep = new Safeguards(true, Duration.ZERO, OnDivergence.ROLLBACK);
    SameTraining.assertSame(
        whole, run(new Spoiling(late, 1), folder.resolve("often"), everyStep, Progress.SILENT));
    Path killed = folder.resolve("killed");
    Spoiling spoiling = new Spoiling(late, 1);
    // Before it diverges, twice, and soon after it went back.
    for (int steps : List.of(18, 3, 9)) {
      assertThrows(
          Interruption.class,
          () -> run(spoiling, killed, everyStep, new Interruption.After(steps)));
    }
    TrainedNetwork resumed = run(spoiling, killed, everyStep, Progress.SILENT);
    assertEquals(1, resumed.rollbacks().size());
    SameTraining.assertSame(whole, resumed);
    assertEquals(whole.rollbacks(), resumed.rollbacks());
  }

  @Test
  void whatStoppedGoesOnWithRollbacksAsIfItHadThemFromTheBeginning() {
    Path stopped = folder.resolve("stopped");
    assertThrows(
        BadInputException.class,
        () -> run(new Spoiling(MIDDLE, 1), stopped, STOP, Progress.SILENT));
    SameTraining.assertSame(
        run(new Spoiling(MIDDLE, 1), folder.resolve("whole"), ROLLBACK, Progress.SILENT),
        run(new Spoiling(MIDDLE - 12, 1), stopped, ROLLBACK, Progress.SILENT));
  }

  @Test
  void fiveTimesAreEnough() {
    Interruption.After listener = new Interruption.After(Long.MAX_VALUE);
    BadInputException e =
        assertThrows(
            BadInputException.class,
            () -> run(OPTIONS.withLearningRate(HOPELESS), folder, ROLLBACK, listener));
    assertEquals(5, listener.remarks().size(), listener.remarks().toString());
    assertTrue(e.getMessage().contains("after going back 5 times"), e.getMessage());
    // Gone on with, it gives up at once, not after five more.
    Interruption.After again = new Interruption.After(Long.MAX_VALUE);
    assertThrows(
        BadInputException.class,
        () -> run(OPTIONS.withLearningRate(HOPELESS), folder, ROLLBACK, again));
    assertEquals(List.of(), again.remarks());
  }

  @Test
  void withoutAFolderThereIsNothingToGoBackTo() {
    BadInputException e =
        assertThrows(
            BadInputException.class,
            () ->
                Trainer.train(
                    Trainee.of(graph),
                    new HeldOutSplit(train, heldOut),
                    OPTIONS.withLearningRate(HOPELESS),
                    COMPUTE,
                    Progress.SILENT));
    assertTrue(e.getMessage().endsWith("train with a smaller learning rate"), e.getMessage());
  }

  private TrainedNetwork run(
      TargetRule rule, Path where, Safeguards safeguards, Progress progress) {
    return Trainer.train(
        Trainee.of(graph).towards(rule),
        new HeldOutSplit(train, heldOut),
        OPTIONS,
        COMPUTE,
        where,
        safeguards,
        progress);
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

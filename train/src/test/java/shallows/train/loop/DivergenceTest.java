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
import shallows.train.options.StochasticDepth;
import shallows.train.options.TrainingOptions;

/** Trainings whose learning rate really is too large. */
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
          StochasticDepth.PER_BATCH,
          Selection.LAST);

  /** No number of halvings helps against this. */
  private static final double HOPELESS = 1e30;

  /** Climbs all the way, so that it is too large from the second epoch on. */
  static final TrainingOptions LATE =
      new TrainingOptions(
          3,
          7,
          Batching.inParts(16),
          Schedule.cosine(20, 0.9),
          Optimizer.of(0.9, 1e-4),
          Regularization.NONE,
          new Augmentation(false, 1),
          StochasticDepth.PER_BATCH,
          Selection.LAST);

  private static final Safeguards STOP = Safeguards.standard().withResume(true);
  private static final Safeguards ROLLBACK = STOP.withOnDivergence(OnDivergence.ROLLBACK);

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
                    + "train with a smaller learning rate, or go on with --on-divergence rollback"),
        e.getMessage());
  }

  @Test
  void aLaterEpochThatDivergesKeepsTheCheckpointOfTheOneBefore() throws IOException {
    BadInputException e =
        assertThrows(BadInputException.class, () -> run(LATE, folder, STOP, Progress.SILENT));
    assertTrue(e.getMessage().contains("checkpoint of epoch 1 is kept"), e.getMessage());
    assertTrue(Files.exists(Trainer.checkpoints(folder).resolve("step-0000000012.safetensors")));
  }

  @Test
  void goesBackToTheLastGoodEpochAtHalfTheRate() throws IOException {
    Interruption.After listener = new Interruption.After(Long.MAX_VALUE);
    TrainedNetwork trained = run(LATE, folder, ROLLBACK, listener);
    List<Rollback> rollbacks = trained.rollbacks();
    assertEquals(rollbacks.size(), listener.remarks().size(), listener.remarks().toString());
    assertTrue(rollbacks.size() >= 1 && rollbacks.size() <= Rollbacks.MOST, "" + rollbacks);
    assertTrue(rollbacks.stream().anyMatch(r -> r.backTo() > 0), "" + rollbacks);
    assertEquals(36, trained.steps().size());
    assertEquals((rollbacks.get(0).epoch() - 1) * 12L, rollbacks.get(0).backTo());
    for (Rollback rollback : rollbacks) {
      assertEquals(0, rollback.backTo() % 12);
      assertTrue(rollback.step() > rollback.backTo(), rollback.toString());
    }
    Epoch last = trained.history().get(2);
    assertEquals(rollbacks.size(), last.rollbacks());
    assertEquals(LATE.schedule().at(35, 36) * Math.pow(0.5, rollbacks.size()), last.learningRate());
    List<String> lines = Files.readAllLines(folder.resolve("history.csv"));
    assertEquals(4, lines.size());
    int column = List.of(lines.get(0).split(",")).indexOf("rollbacks");
    assertEquals("" + rollbacks.size(), lines.get(3).split(",")[column], lines.get(3));
  }

  @Test
  void aPlaceItDivergedFromTwiceIsNotGoneBackToAgain() {
    List<Rollback> rollbacks = run(LATE, folder, ROLLBACK, Progress.SILENT).rollbacks();
    assertTrue(rollbacks.size() > 1, "this training is chosen so that it does: " + rollbacks);
    for (int i = 1; i < rollbacks.size(); i++) {
      long earlier = rollbacks.get(i - 1).backTo();
      assertTrue(earlier == 0 || rollbacks.get(i).backTo() != earlier, rollbacks.toString());
    }
  }

  @Test
  void whenCheckpointsAreWrittenOrTheProcessDiesChangesNoBit() {
    TrainedNetwork whole = run(LATE, folder.resolve("whole"), ROLLBACK, Progress.SILENT);
    Safeguards everyStep = ROLLBACK.withCheckpointEvery(Duration.ZERO);
    SameTraining.assertSame(whole, run(LATE, folder.resolve("often"), everyStep, Progress.SILENT));
    Path killed = folder.resolve("killed");
    for (int steps : List.of(18, 3, 9)) {
      assertThrows(
          Interruption.class, () -> run(LATE, killed, everyStep, new Interruption.After(steps)));
    }
    TrainedNetwork resumed = run(LATE, killed, everyStep, Progress.SILENT);
    SameTraining.assertSame(whole, resumed);
    assertEquals(whole.rollbacks(), resumed.rollbacks());
  }

  @Test
  void whatStoppedGoesOnWithRollbacksAsIfItHadThemFromTheBeginning() {
    Path stopped = folder.resolve("stopped");
    assertThrows(BadInputException.class, () -> run(LATE, stopped, STOP, Progress.SILENT));
    SameTraining.assertSame(
        run(LATE, folder.resolve("whole"), ROLLBACK, Progress.SILENT),
        run(LATE, stopped, ROLLBACK, Progress.SILENT));
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
                    graph,
                    train,
                    heldOut,
                    OPTIONS.withLearningRate(HOPELESS),
                    COMPUTE,
                    Progress.SILENT));
    assertTrue(e.getMessage().endsWith("train with a smaller learning rate"), e.getMessage());
  }

  private TrainedNetwork run(
      TrainingOptions options, Path where, Safeguards safeguards, Progress progress) {
    return Trainer.train(graph, train, heldOut, options, COMPUTE, where, safeguards, progress);
  }
}

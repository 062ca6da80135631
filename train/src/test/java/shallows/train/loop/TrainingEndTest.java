package shallows.train.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.train.TestImages;
import shallows.train.options.Compute;
import shallows.train.options.Selection;
import shallows.train.options.TrainingOptions;

class TrainingEndTest {
  private static final Safeguards RESUME = Safeguards.standard().withResume(true);
  private static final Duration HARDLY_ANY = Duration.ofNanos(1);

  private final Graph graph = TestImages.network(1);
  private final LabelledImages train = TestImages.of(100, 1);
  private final LabelledImages heldOut = TestImages.of(3, 2);

  @TempDir Path folder;

  @Test
  void withoutTimeItEndsAfterOneEpochAndGoesOnToTheSameBitsWithMore() {
    Path limited = folder.resolve("limited");
    Safeguards hurried = RESUME.withTimeLimit(HARDLY_ANY);
    assertEquals(List.of(TrainingEnd.TIME), ends(run(ResumeTest.OPTIONS, limited, hurried)));
    assertEquals(ends(History.read(limited.resolve("history.csv"))), List.of(TrainingEnd.TIME));

    // There still is none, so nothing is done.
    Interruption.After nothing = new Interruption.After(0);
    assertEquals(
        List.of(TrainingEnd.TIME), ends(run(ResumeTest.OPTIONS, limited, hurried, nothing)));

    TrainedNetwork resumed =
        run(ResumeTest.OPTIONS, limited, RESUME.withTimeLimit(Duration.ofDays(1)));
    assertEquals(List.of(TrainingEnd.NO, TrainingEnd.NO, TrainingEnd.EPOCHS), ends(resumed));
    SameTraining.assertSame(
        run(ResumeTest.OPTIONS, folder.resolve("whole"), Safeguards.standard()), resumed);
  }

  @Test
  void patienceEndsItAfterTheBestEpochWhichIsKept() {
    // Three images allow four accuracies, so that after five epochs one was no better.
    TrainingOptions options =
        ResumeTest.OPTIONS.withEpochs(6).withSelection(new Selection(0, Selection.Keep.BEST, 1));
    TrainedNetwork trained = run(options, folder, RESUME);
    List<Epoch> epochs = trained.history();
    Epoch last = epochs.get(epochs.size() - 1);
    assertEquals(TrainingEnd.PATIENCE, last.ended());
    assertTrue(last.epoch() < 6, epochs.toString());
    assertEquals(last.epoch() - 1, trained.epoch());
    for (Epoch epoch : epochs.subList(0, trained.epoch() - 1)) {
      assertTrue(epoch.heldOutAccuracy() < trained.chosen().heldOutAccuracy(), epochs.toString());
    }
    assertTrue(last.heldOutAccuracy() <= trained.chosen().heldOutAccuracy(), epochs.toString());

    Interruption.After nothing = new Interruption.After(0);
    SameTraining.assertSame(trained, run(options, folder, RESUME, nothing));
  }

  @Test
  void patienceWantsTheBestEpochAndFewerEpochsThanThereAre() {
    assertThrows(IllegalArgumentException.class, () -> new Selection(0, Selection.Keep.LAST, 1));
    Selection patient = new Selection(0, Selection.Keep.BEST, 3);
    assertThrows(IllegalArgumentException.class, () -> ResumeTest.OPTIONS.withSelection(patient));
    TrainingOptions longer = ResumeTest.OPTIONS.withEpochs(4).withSelection(patient);
    assertEquals(Selection.LAST, longer.toFineTune(1).selection());
  }

  @Test
  void theTimeOfTheLastEpochIsThatOfTheNext() {
    List<Epoch> epochs = List.of(epoch(1, 10), epoch(2, 16));
    Safeguards standard = Safeguards.standard();
    assertTrue(standard.haveTimeAfter(epochs));
    assertTrue(standard.withTimeLimit(Duration.ofSeconds(22)).haveTimeAfter(epochs));
    assertEquals(false, standard.withTimeLimit(Duration.ofSeconds(21)).haveTimeAfter(epochs));
    assertTrue(standard.withTimeLimit(Duration.ofSeconds(20)).haveTimeAfter(epochs.subList(0, 1)));
    assertThrows(IllegalArgumentException.class, () -> standard.withTimeLimit(Duration.ZERO));
  }

  private static Epoch epoch(int number, double seconds) {
    return new Epoch(
        number, 1, 0.1, 1, 0, 1, 0, 1, 1, seconds, 0, 0, TrainingPhase.NETWORK, TrainingEnd.NO);
  }

  private static List<TrainingEnd> ends(TrainedNetwork trained) {
    return ends(trained.history());
  }

  private static List<TrainingEnd> ends(List<Epoch> epochs) {
    List<TrainingEnd> ends = new ArrayList<>();
    epochs.forEach(epoch -> ends.add(epoch.ended()));
    return ends;
  }

  private TrainedNetwork run(TrainingOptions options, Path where, Safeguards safeguards) {
    return run(options, where, safeguards, Progress.SILENT);
  }

  private TrainedNetwork run(
      TrainingOptions options, Path where, Safeguards safeguards, Progress progress) {
    return Trainer.train(
        Trainee.of(graph),
        new HeldOutSplit(train, heldOut),
        options,
        Compute.cpu(1),
        where,
        safeguards,
        progress);
  }
}

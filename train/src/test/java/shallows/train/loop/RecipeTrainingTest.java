package shallows.train.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.Augmentation;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.Graph;
import shallows.model.network.SurvivalSchedule;
import shallows.model.progress.Progress;
import shallows.train.TestImages;
import shallows.train.evidence.SurvivalUpdate;
import shallows.train.inference.TorchClassifier;
import shallows.train.options.Balance;
import shallows.train.options.Batching;
import shallows.train.options.Compute;
import shallows.train.options.MixedPrecision;
import shallows.train.options.Optimizer;
import shallows.train.options.Regularization;
import shallows.train.options.Schedule;
import shallows.train.options.Selection;
import shallows.train.options.Selection.Keep;
import shallows.train.options.StochasticDepth;
import shallows.train.options.TrainingOptions;

/** Trainings that use every option at once. */
class RecipeTrainingTest {
  // A batch in one part shares each operation among threads; of four images there is little to
  // share.
  private static final Compute COMPUTE = Compute.cpu(1);
  static final SurvivalSchedule LEARNED = SurvivalSchedule.parse("learned:0.01:bytes");

  /** 50 steps an epoch, so that survival moves after the 16th. */
  static final TrainingOptions EVERYTHING =
      new TrainingOptions(
          17,
          7,
          Batching.whole(4).withBalance(Balance.SAMPLING),
          new Schedule(Schedule.Kind.STEP, 0.02, 0.1, List.of(0.5, 0.75)),
          new Optimizer(0.9, 1e-4, Optimizer.OffBlocks.COAST, 2),
          new Regularization(0.1, 0.2, 1),
          new Augmentation(true, 1, 0.9, true, 0.1, 0.1),
          new Selection(0.99, Keep.BEST, 16));

  private final Graph graph = LEARNED.applyTo(TestImages.network(1));
  private final LabelledImages train = TestImages.of(200, 1);
  private final LabelledImages heldOut = TestImages.of(60, 2);

  @TempDir Path folder;

  @Test
  void endsWithTheSameBitsAfterInterruptions() {
    Path interrupted = folder.resolve("interrupted");
    // Before the update of the survival probabilities, and behind it.
    for (int steps : List.of(430, 415)) {
      assertThrows(
          Interruption.class, () -> run(interrupted, new Interruption.After(steps)), "" + steps);
    }
    TrainedNetwork resumed = run(interrupted, Progress.SILENT);
    TrainedNetwork whole = run(folder.resolve("whole"), Progress.SILENT);
    SameTraining.assertSame(whole, resumed);
    assertEquals(whole.epoch(), resumed.epoch());
    assertEquals(whole.survival(), resumed.survival());
    assertEquals(List.of(0, 800), whole.survival().stream().map(SurvivalUpdate::step).toList());
    for (int b = 0; b < graph.blocks().size(); b++) {
      assertEquals(
          whole.graph().survival(graph.blocks().get(b)),
          resumed.graph().survival(graph.blocks().get(b)));
    }
  }

  @Test
  void mixedPrecisionReachesTheStepsAndNotWhatIsMeasured() {
    TrainedNetwork floats = run(MixedPrecision.NONE);
    TrainedNetwork mixed = run(MixedPrecision.BF16);
    assertNotEquals(floats.history().get(0).trainLoss(), mixed.history().get(0).trainLoss());
    try (TorchClassifier classifier = new TorchClassifier(mixed.graph(), COMPUTE)) {
      Predictions answers = Predictions.of(classifier, heldOut, graph.task(), 60, Progress.SILENT);
      assertEquals(mixed.chosen().heldOutAccuracy(), answers.accuracy(heldOut));
    }
  }

  private TrainedNetwork run(MixedPrecision mixed) {
    return Trainer.train(
        Trainee.of(graph, StochasticDepth.of(LEARNED)),
        new HeldOutSplit(train, heldOut),
        TrainingOptions.standard(7)
            .withEpochs(1)
            .withBatching(Batching.inParts(64).withMixedPrecision(mixed)),
        COMPUTE,
        Progress.SILENT);
  }

  @Test
  void handsOnTheBestEpochAsItWasMeasured() {
    TrainedNetwork trained =
        Trainer.train(
            Trainee.of(graph, StochasticDepth.of(LEARNED)),
            new HeldOutSplit(train, heldOut),
            EVERYTHING.withSelection(new Selection(0.99, Keep.BEST, 0)).withEpochs(6),
            COMPUTE,
            Progress.SILENT);
    double best =
        trained.history().stream().mapToDouble(Epoch::heldOutAccuracy).max().orElseThrow();
    assertEquals(best, trained.chosen().heldOutAccuracy());
    assertTrue(
        trained.history().subList(0, trained.epoch() - 1).stream()
            .allMatch(epoch -> epoch.heldOutAccuracy() < best));
    try (TorchClassifier classifier = new TorchClassifier(trained.graph(), COMPUTE)) {
      Predictions answers = Predictions.of(classifier, heldOut, graph.task(), 60, Progress.SILENT);
      assertEquals(best, answers.accuracy(heldOut));
    }
  }

  @Test
  void aRuleHasTheLastWordOnTheTargets() {
    // A teacher that says «top» whatever it sees.
    TargetRule stubborn =
        (pixels, count, targets) -> {
          Arrays.fill(targets, 0);
          for (int i = 0; i < count; i++) {
            targets[i * 3 + 2] = 1;
          }
        };
    TrainedNetwork trained =
        Trainer.train(
            Trainee.of(graph, StochasticDepth.of(LEARNED)).towards(stubborn),
            new HeldOutSplit(train, heldOut),
            EVERYTHING.withSelection(Selection.LAST).withEpochs(2),
            COMPUTE,
            folder,
            Safeguards.standard(),
            Progress.SILENT);
    try (TorchClassifier classifier = new TorchClassifier(trained.graph(), COMPUTE)) {
      Predictions answers = Predictions.of(classifier, heldOut, graph.task(), 60, Progress.SILENT);
      for (int i = 0; i < heldOut.size(); i++) {
        assertEquals(2, answers.predicted(i));
      }
    }
  }

  @Test
  void labelsAreSmoothedAndOtherwiseOneHot() {
    Batch batch =
        new Batch(
            train,
            graph,
            3,
            new Regularization(0.3, 0, 0),
            new ClassBalance(train, Balance.NONE),
            TargetRule.LABELS);
    batch.load(new int[] {0, 1, 2}, Augmentation.NONE, new Random(1), Random::new);
    float[] expected = {0.8f, 0.1f, 0.1f, 0.1f, 0.8f, 0.1f, 0.1f, 0.1f, 0.8f};
    assertArrayEquals(expected, batch.targets(), 1e-6f);
  }

  @Test
  void gatesOfImagesTrainTooAndEveryBlockRuns() {
    SurvivalSchedule perSample = SurvivalSchedule.parse("per-sample:0.5");
    TrainedNetwork trained =
        Trainer.train(
            Trainee.of(perSample.applyTo(graph), StochasticDepth.of(perSample)),
            new HeldOutSplit(train, heldOut),
            TrainingOptions.standard(7)
                .withEpochs(6)
                .withBatching(Batching.inParts(16))
                // A mirror makes left of right, and those are two of the classes.
                .withAugmentation(Augmentation.NONE),
            COMPUTE,
            Progress.SILENT);
    // A third is chance; with eight other seeds all were right.
    assertTrue(trained.chosen().heldOutAccuracy() > 0.8, trained.history().toString());
    assertEquals(6, trained.chosen().activeBlocks());
    assertEquals(0.5f, trained.graph().survival(graph.blocks().get(5)));
  }

  private TrainedNetwork run(Path where, Progress progress) {
    Safeguards resume = Safeguards.standard().withResume(true);
    return Trainer.train(
        Trainee.of(graph, StochasticDepth.of(LEARNED)),
        new HeldOutSplit(train, heldOut),
        EVERYTHING,
        COMPUTE,
        where,
        resume,
        progress);
  }
}

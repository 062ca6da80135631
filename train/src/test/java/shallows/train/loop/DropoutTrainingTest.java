package shallows.train.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.model.graph.Graph;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.network.SurvivalSchedule;
import shallows.model.progress.Progress;
import shallows.train.TestImages;
import shallows.train.inference.BatchNormStatistics;
import shallows.train.options.Batching;
import shallows.train.options.Compute;
import shallows.train.options.TrainingOptions;

class DropoutTrainingTest {
  private static final Safeguards EVERY_STEP =
      new Safeguards(true, Duration.ZERO, Safeguards.OnDivergence.STOP);

  private final LabelledImages train = TestImages.of(96, 1);
  private final LabelledImages heldOut = TestImages.of(30, 2);
  private final Graph graph = network("wrn-10-1-d0.3-s2");

  @TempDir Path folder;

  @Test
  void theSameSeedGivesTheSameBitsWithAnyThreads() {
    TrainedNetwork once = train(graph, Compute.cpu(1));
    SameTraining.assertSame(once, train(graph, Compute.cpu(2)));
    float[] without =
        train(network("wrn-10-1-s2"), Compute.cpu(1))
            .graph()
            .parameter("stem/conv/weight")
            .values();
    assertFalse(Arrays.equals(without, once.graph().parameter("stem/conv/weight").values()));
  }

  @Test
  void anInterruptedTrainingDrawsTheSameMasks() {
    Path interrupted = folder.resolve("interrupted");
    assertThrows(Interruption.class, () -> run(interrupted, new Interruption.After(4)));
    TrainedNetwork resumed = run(interrupted, Progress.SILENT);
    SameTraining.assertSame(run(folder.resolve("whole"), Progress.SILENT), resumed);
  }

  @Test
  void dropoutChangesNeitherGatesNorOrder() {
    TrainedNetwork with = train(graph, Compute.cpu(1));
    TrainedNetwork without = train(network("wrn-10-1-s2"), Compute.cpu(1));
    for (int step = 0; step < with.steps().size(); step++) {
      for (int b = 0; b < 3; b++) {
        assertEquals(without.steps().isOn(step, b), with.steps().isOn(step, b));
      }
    }
  }

  @Test
  void statisticsAreThoseOfTheNetworkWithoutDropout() {
    Graph trained = train(graph, Compute.cpu(1)).graph();
    Graph measured = BatchNormStatistics.reestimate(trained, train, Compute.cpu(1));
    for (String name : trained.parameters().keySet()) {
      assertArrayEquals(measured.parameter(name).values(), trained.parameter(name).values(), name);
    }
  }

  @Test
  void withoutDropoutStatisticsAreThoseOfTraining() {
    Graph trained = train(network("wrn-10-1-s2"), Compute.cpu(1)).graph();
    Graph measured = BatchNormStatistics.reestimate(trained, train, Compute.cpu(1));
    String mean =
        trained.nodes().stream()
            .filter(node -> node.operation() instanceof Operation.BatchNorm)
            .findFirst()
            .orElseThrow()
            .inputs()
            .get(3);
    assertFalse(
        Arrays.equals(measured.parameter(mean).values(), trained.parameter(mean).values()), mean);
  }

  private TrainedNetwork train(Graph network, Compute compute) {
    return Trainer.train(
        Trainee.of(network), new HeldOutSplit(train, heldOut), options(), compute, Progress.SILENT);
  }

  private TrainedNetwork run(Path where, Progress progress) {
    return Trainer.train(
        Trainee.of(graph),
        new HeldOutSplit(train, heldOut),
        options(),
        Compute.cpu(2),
        where,
        EVERY_STEP,
        progress);
  }

  private static TrainingOptions options() {
    return TrainingOptions.standard(7).withEpochs(2).withBatching(Batching.inParts(32));
  }

  private Graph network(String name) {
    Task task = new Task(train.classes(), List.of(0.4f), List.of(0.25f));
    Shape image = Shape.of(1, train.height(), train.width());
    return SurvivalSchedule.parse("linear:0.5").applyTo(Networks.create(name, image, task, 1));
  }
}

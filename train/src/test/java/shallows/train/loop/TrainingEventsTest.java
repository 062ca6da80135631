package shallows.train.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.framework.Summary;
import org.tensorflow.util.Event;
import org.tensorflow.util.SessionLog;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.train.TestImages;
import shallows.train.options.Compute;
import shallows.train.tensorboard.EventReader;

class TrainingEventsTest {
  private final Graph graph = TestImages.network(1);

  /** 12 steps an epoch. */
  private final LabelledImages train = TestImages.of(200, 1);

  private final LabelledImages heldOut = TestImages.of(60, 2);

  @TempDir Path folder;

  @Test
  void tensorBoardSeesEachStepOnceEvenIfATrainingWasInterrupted() throws IOException {
    Safeguards resume = Safeguards.standard().withResume(true);
    assertThrows(Interruption.class, () -> run(resume, new Interruption.After(23)));
    TrainedNetwork trained = run(resume, Progress.SILENT);
    Map<String, TreeMap<Long, Float>> seen = asTensorBoardSees(Trainer.events(folder));
    TreeMap<Long, Float> losses = seen.get("loss/train");
    assertEquals(List.of(12L, 24L, 36L), List.copyOf(losses.keySet()));
    for (Epoch epoch : trained.history()) {
      long step = epoch.epoch() * 12L;
      assertEquals((float) epoch.trainLoss(), losses.get(step));
      assertEquals((float) epoch.heldOutAccuracy(), seen.get("accuracy/held-out").get(step));
      assertEquals((float) epoch.activeBlocks(), seen.get("active blocks").get(step));
    }
    assertEquals(1, seen.get("loss/20 steps").size());
    double mean = 0;
    for (int step = 0; step < 20; step++) {
      mean += trained.steps().loss(step) / 20.0;
    }
    assertEquals((float) mean, seen.get("loss/20 steps").get(20L), 1e-6f);
    for (Block block : graph.blocks()) {
      assertEquals(
          graph.survival(block), seen.get("survival/" + block.name()).get(36L), block.name());
    }
    assertTrue(seen.get("learning rate").get(20L) > 0);
  }

  @Test
  void anotherTrainingIntoTheFolderTakesTheEventsOfTheFirstAway() throws IOException {
    run(Safeguards.standard(), Progress.SILENT);
    long once = EventReader.read(Trainer.events(folder)).size();
    run(Safeguards.standard(), Progress.SILENT);
    assertEquals(once, EventReader.read(Trainer.events(folder)).size());
  }

  /** By tag and step: a session that starts at a step takes away what was said of later ones. */
  private static Map<String, TreeMap<Long, Float>> asTensorBoardSees(Path events)
      throws IOException {
    Map<String, TreeMap<Long, Float>> seen = new LinkedHashMap<>();
    for (Event event : EventReader.read(events)) {
      if (event.getSessionLog().getStatus() == SessionLog.SessionStatus.START) {
        seen.values().forEach(steps -> steps.tailMap(event.getStep(), false).clear());
      }
      for (Summary.Value value : event.getSummary().getValueList()) {
        TreeMap<Long, Float> steps = seen.computeIfAbsent(value.getTag(), tag -> new TreeMap<>());
        assertEquals(null, steps.put(event.getStep(), value.getSimpleValue()), value.getTag());
      }
    }
    return seen;
  }

  private TrainedNetwork run(Safeguards safeguards, Progress progress) {
    return Trainer.train(
        Trainee.of(graph),
        new HeldOutSplit(train, heldOut),
        ResumeTest.OPTIONS,
        Compute.cpu(2),
        folder,
        safeguards,
        progress);
  }
}

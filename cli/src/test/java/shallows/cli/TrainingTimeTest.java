package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.pipeline.Shallows;
import shallows.pipeline.folder.Stage;
import shallows.train.loop.Epoch;
import shallows.train.loop.History;
import shallows.train.loop.TrainingEnd;

@Tag("trains")
class TrainingTimeTest {
  /** Minutes that no epoch is done in. */
  private static final String HARDLY_ANY = "0.00001";

  @TempDir private Path temporary;

  @Test
  void whatEndedForWantOfTimeGoesOnWhereItIsResumedWithoutALimit() throws IOException {
    Path run = temporary.resolve("run");
    train(run, "--time-limit", HARDLY_ANY);
    assertEquals(List.of(TrainingEnd.TIME), ends(run));
    assertTrue(Shallows.run(run).isFinished(Stage.TRAIN), "the next stage may begin");

    train(run, "--resume");
    assertEquals(List.of(TrainingEnd.NO, TrainingEnd.EPOCHS), ends(run));
    Path whole = temporary.resolve("whole");
    train(whole);
    assertArrayEquals(
        Files.readAllBytes(whole.resolve("train/model.onnx")),
        Files.readAllBytes(run.resolve("train/model.onnx")));
  }

  private void train(Path run, Object... more) throws IOException {
    Path pictures = temporary.resolve("pictures");
    if (!Files.exists(pictures)) {
      TestPictures.writeFolder(pictures, 20, "cat", "dog");
    }
    List<Object> words =
        new ArrayList<>(List.of("train", "--data", pictures, "--network", "resnet-8-s2"));
    words.addAll(List.of("--epochs", 2, "--out", run, "--quiet"));
    words.addAll(List.of(more));
    CommandLineSession session = CommandLineSession.of(words.toArray());
    assertEquals(0, session.status(), session.toString());
  }

  private static List<TrainingEnd> ends(Path run) {
    return History.read(run.resolve("train/history.csv")).stream().map(Epoch::ended).toList();
  }
}

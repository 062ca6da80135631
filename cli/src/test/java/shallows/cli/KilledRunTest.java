package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.onnx.read.OnnxReader;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.report.Report;

@Tag("trains")
class KilledRunTest {
  @TempDir private Path temporary;

  @Test
  void aRunThatIsKilledTwiceEndsWithTheNetworkOfOneThatIsNot() throws Exception {
    Path run = temporary.resolve("run");
    killWhenThereIs(run.resolve("train/history.csv"), run);
    assertFalse(Files.exists(run.resolve("train/model.onnx")));
    assertEquals(0, RunRecord.read(run.resolve("run.json")).seconds(Stage.TRAIN));

    killWhenThereIs(run.resolve(".prune.new"), run);
    OnnxReader.read(run.resolve("train/model.onnx"));
    assertFalse(Files.exists(run.resolve("prune")), "nothing is in place before all is");
    assertTrue(RunRecord.read(run.resolve("run.json")).seconds(Stage.TRAIN) > 0);

    CommandLineSession rest = CommandLineSession.of(words("run", run));
    assertEquals(0, rest.status(), rest.toString());
    assertTrue(rest.err().get(0).contains("goes on with prune"), rest.toString());
    Report.FORMAT.read(run.resolve("report.json"));

    Path whole = temporary.resolve("whole");
    assertEquals(0, CommandLineSession.of(words("run", whole)).status());
    for (String model : List.of("train/model.onnx", "prune/model.onnx")) {
      assertArrayEquals(
          Files.readAllBytes(whole.resolve(model)), Files.readAllBytes(run.resolve(model)), model);
    }
  }

  private void killWhenThereIs(Path file, Path run) throws Exception {
    try (ChildProcess child =
        ChildProcess.start(temporary.resolve("said.txt"), words("run", run))) {
      child.killWhenThereIs(file);
    }
  }

  private static Object[] words(String command, Path run) {
    return new ArrayList<Object>(
            Arrays.asList(
                command,
                "--out",
                run,
                "--network",
                "resnet-8-s2",
                "--train-images",
                400,
                "--epochs",
                8,
                "--fine-tune-epochs",
                1,
                "--max-drop",
                100,
                "--quiet"))
        .toArray();
  }
}

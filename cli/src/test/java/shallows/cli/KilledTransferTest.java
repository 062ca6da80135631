package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.onnx.write.OnnxWriter;

/** A kill tells more than a program that is stopped in order, so this takes three processes. */
@Tag("trains")
class KilledTransferTest {
  @TempDir private Path temporary;

  private Path theirs;
  private Path pictures;

  @Test
  void aRunFromSomebodysNetworkThatIsKilledTwiceEndsWithTheBytesOfOneThatIsNot() throws Exception {
    theirs = temporary.resolve("theirs.onnx");
    OnnxWriter.write(
        Networks.create("resnet-8-s2", Shape.of(3, 8, 8), Task.unnamed(7, 3), 1), theirs);
    pictures = TestPictures.writeFolder(temporary.resolve("pictures"), 40, "cat", "dog");
    Path run = temporary.resolve("run");
    kill(run, run.resolve("train/features"));
    assertFalse(Files.exists(run.resolve("train/model.onnx")));
    kill(run, run.resolve("train/classifier.onnx"));
    assertFalse(Files.exists(run.resolve("prune")));
    CommandLineSession rest = CommandLineSession.of(words(run));
    assertEquals(0, rest.status(), rest.toString());

    Path whole = temporary.resolve("whole");
    assertEquals(0, CommandLineSession.of(words(whole)).status());
    for (String file :
        List.of(
            "train/classifier.onnx",
            "train/model.onnx",
            "train/survival.json",
            "prune/model.onnx")) {
      assertArrayEquals(
          Files.readAllBytes(whole.resolve(file)), Files.readAllBytes(run.resolve(file)), file);
    }
  }

  private void kill(Path run, Path file) throws Exception {
    try (ChildProcess child = ChildProcess.start(temporary.resolve("said.txt"), words(run))) {
      child.killWhenThereIs(file);
    }
  }

  private Object[] words(Path out) {
    return new Object[] {
      "run",
      "--from",
      theirs,
      "--normalization",
      "none",
      "--data",
      pictures,
      "--epochs",
      2,
      "--head-epochs",
      3,
      "--fine-tune-epochs",
      0,
      "--max-drop",
      100,
      "--precision",
      "fp32",
      "--format",
      "onnx",
      "--out",
      out,
      "--quiet"
    };
  }
}

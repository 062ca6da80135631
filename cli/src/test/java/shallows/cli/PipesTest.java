package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.onnx.write.OnnxWriter;

/**
 * Pipes that nobody writes to, where files are expected: opened, they would be waited for without
 * end. Each is refused in one line that names it.
 */
@Timeout(300)
class PipesTest {
  @TempDir private Path folder;
  private Path model;
  private Path pictures;

  @BeforeEach
  void writes() throws IOException {
    assumeTrue(File.separatorChar == '/', "has no named pipes");
    model = folder.resolve("model.onnx");
    OnnxWriter.write(
        Networks.create("resnet-8-s2", Shape.of(3, 8, 8), Task.unnamed(2, 3), 1), model);
    pictures = TestPictures.writeFolder(folder.resolve("pictures"), 30, "class 0", "class 1");
  }

  @Test
  void inThePlaceOfAModelOrAnImage() throws Exception {
    for (String ending : List.of("onnx", "tflite", "png")) {
      Path pipe = pipe(folder.resolve("pipe." + ending));
      refused(pipe, "inspect", pipe);
      refused(pipe, "convert", pipe, "--out", folder.resolve("out.tflite"));
      refused(pipe, "classify", pipe, pictures.resolve("class 0/0.png"));
      refused(pipe, "verify", pipe, "--data", pictures);
      refused(pipe, "shrink", pipe, "--data", pictures, "--out", folder.resolve("run"));
      refused(pipe, "apk", pipe);
    }
    refused(folder.resolve("pipe.png"), "classify", model, folder.resolve("pipe.png"));
    refused(folder.resolve("pipe.png"), "run", "--data", folder.resolve("pipe.png"));
  }

  @Test
  void amongWhatACommandReadsBeside() throws Exception {
    Path pipe = pipe(folder.resolve("pipe.txt"));
    refused(
        pipe,
        "shrink",
        model,
        "--data",
        pictures,
        "--labels",
        pipe,
        "--out",
        folder.resolve("run"));
    refused(
        pipe, "verify", model, "--data", pictures, "--reference", pipe(folder.resolve("r.onnx")));
    Path run = folder.resolve("run");
    assertEquals(0, BadInputTest.smallTraining(run).status());
    refused(pipe, "prune", run, "--plan", pipe);
  }

  @Test
  void inAFolderOfImages() throws Exception {
    pipe(pictures.resolve("class 0/pipe.png"));

    CommandLineSession verified = CommandLineSession.of("verify", model, "--data", pictures);

    // What is no file is no image of the folder.
    assertEquals(0, verified.status(), verified.toString());
  }

  @Test
  void inAFolderOfIdxFiles() throws Exception {
    Path data = Files.createDirectory(folder.resolve("idx"));
    for (String set : List.of("train", "t10k")) {
      pipe(data.resolve(set + "-images-idx3-ubyte"));
      pipe(data.resolve(set + "-labels-idx1-ubyte"));
    }
    String line =
        CommandLineSession.refusal("train", "--data", data, "--out", folder.resolve("run"));
    assertTrue(line.contains(data.toString()), line);
  }

  private static void refused(Path pipe, Object... command) {
    String line = CommandLineSession.refusal(command);
    assertTrue(line.contains(pipe.getFileName().toString().split("\\.")[0]), line);
    assertTrue(line.contains("expected") || line.contains("cannot be read"), line);
  }

  private static Path pipe(Path file) throws Exception {
    assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
    return file;
  }
}

package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person can hand over by mistake: one line that names it, and nothing is lost. */
class BadInputTest {
  @TempDir private Path temporary;

  @Test
  void aMissingFolder() {
    refused(temporary.resolve("missing"), "no such folder");
  }

  @Test
  void anEmptyFolder() throws IOException {
    refused(Files.createDirectory(temporary.resolve("empty")), "expected");
  }

  @Test
  void aTruncatedIdxFile() throws IOException {
    Path folder = idxFolder();
    byte[] whole = Files.readAllBytes(folder.resolve("train-images-idx3-ubyte"));
    Files.write(
        folder.resolve("train-images-idx3-ubyte"),
        java.util.Arrays.copyOf(whole, whole.length - 1));

    refused(folder, "train-images-idx3-ubyte");
  }

  @Test
  void anIdxFileOfAnotherKind() throws IOException {
    Path folder = idxFolder();
    Files.copy(
        folder.resolve("train-images-idx3-ubyte"),
        folder.resolve("train-labels-idx1-ubyte"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    refused(folder, "train-labels-idx1-ubyte");
  }

  @Test
  void gzipPassedOffAsRawIsReadOrNamed() throws IOException {
    Path folder = idxFolder();
    Path file = folder.resolve("train-images-idx3-ubyte");
    byte[] raw = Files.readAllBytes(file);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(raw, 0, raw.length / 2);
    }
    Files.write(file, packed.toByteArray());

    refused(folder, "train-images-idx3-ubyte");
  }

  @Test
  void anImageThatDoesNotDecodeUnlessBrokenOnesAreSkipped() throws IOException {
    Path folder = TestPictures.writeFolder(temporary.resolve("pictures"), 6, "cat", "dog");
    Files.writeString(folder.resolve("cat/broken.png"), "not a picture");

    refused(folder, "broken.png");

    CommandLineSession skipping =
        CommandLineSession.of(
            "train",
            "--data",
            folder,
            "--skip-broken",
            "--network",
            "resnet-8-s2",
            "--epochs",
            1,
            "--out",
            temporary.resolve("run"),
            "--quiet");
    assertEquals(0, skipping.status(), skipping.toString());
    assertTrue(skipping.err().get(0).contains("left out 1 image"), skipping.toString());
    assertTrue(skipping.err().get(0).contains("broken.png"), skipping.toString());
  }

  @Test
  void oneClassOnly() throws IOException {
    refused(TestPictures.writeFolder(temporary.resolve("pictures"), 4, "cat"), "class");
  }

  @Test
  void anOnnxFileThatIsNone() throws IOException {
    Path text = Files.writeString(temporary.resolve("model.onnx"), "this is text");
    Path image = TestPictures.write(temporary.resolve("a.png"), 8, 8, 1);

    assertTrue(CommandLineSession.refusal("inspect", text).contains("model.onnx"));
    assertTrue(CommandLineSession.refusal("classify", text, image).contains("model.onnx"));
    Path missing = temporary.resolve("missing.onnx");
    assertTrue(CommandLineSession.refusal("inspect", missing).contains("missing.onnx"));
  }

  @ParameterizedTest
  @CsvSource({
    "1c00000054464c3300000000000000000000, a TFLite model; named .tflite, classify and verify take it",
    "800258190a0000, what PyTorch saves; load it in Python",
    "894844460d0a1a0a00, a Keras model",
    "20000000000000007b22, weights without a network (safetensors)",
    "89504e470d0a1a0a00, an image; the model comes first",
    "48656c6c6f, a text"
  })
  void anotherKindOfFileIsToldByItsContent(String bytes, String kind) throws IOException {
    Path file = temporary.resolve("model.onnx");
    Files.write(file, HexFormat.of().parseHex(bytes));
    Path data = TestPictures.writeFolder(temporary.resolve("pictures"), 4, "cat", "dog");

    for (Object[] command :
        new Object[][] {
          {"inspect", file},
          {"convert", file},
          {"shrink", file, "--data", data, "--out", temporary.resolve("run")}
        }) {
      String line = CommandLineSession.refusal(command);
      assertTrue(line.contains(file + ": expected an ONNX model, found " + kind), line);
    }
    assertFalse(Files.exists(temporary.resolve("run")));
  }

  @Test
  void aFolderOfAnotherKindIsTold() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("saved"));
    Files.createFile(folder.resolve("saved_model.pb"));

    String line = CommandLineSession.refusal("convert", folder, "--out", folder + "/a.tflite");
    assertTrue(line.contains("found a SavedModel of TensorFlow; python -m tf2onnx"), line);
  }

  @Test
  void aTfliteFileThatIsNone() throws IOException {
    Path model = Files.writeString(temporary.resolve("model.tflite"), "this is text");
    Path image = TestPictures.write(temporary.resolve("a.png"), 8, 8, 1);

    String line = CommandLineSession.refusal("classify", model, image);

    assertTrue(line.contains("model.tflite"), line);
  }

  @Test
  void aFileOfNoKnownKind() throws IOException {
    Path image = TestPictures.write(temporary.resolve("a.png"), 8, 8, 1);

    assertTrue(CommandLineSession.refusal("classify", image, image).contains(".onnx or .tflite"));
  }

  @Test
  void aDamagedNetworkOfARunLeavesTheRestOfTheRunAlone() throws IOException {
    Path run = temporary.resolve("run");
    assertEquals(0, smallTraining(run).status());
    Path model = run.resolve("train/model.onnx");
    byte[] whole = Files.readAllBytes(model);
    Files.write(model, java.util.Arrays.copyOf(whole, whole.length / 2));
    byte[] record = Files.readAllBytes(run.resolve("run.json"));

    String line = CommandLineSession.refusal("prune", run, "--quiet");

    assertTrue(line.contains("model.onnx"), line);
    assertArrayEquals(record, Files.readAllBytes(run.resolve("run.json")));
    assertTrue(Files.exists(run.resolve("train/survival.json")));
  }

  @Test
  void anOutputFolderThatHoldsSomethingElse() throws IOException {
    Path out = Files.createDirectory(temporary.resolve("documents"));
    Files.writeString(out.resolve("letter.txt"), "dear");

    String line = CommandLineSession.refusal("run", "--out", out);

    assertTrue(line.contains("letter.txt"), line);
    assertArrayEquals(new String[] {"letter.txt"}, out.toFile().list());
  }

  @Test
  void aLossThatIsNoNumber() {
    Path run = temporary.resolve("run");

    String line =
        CommandLineSession.refusal(
            "train",
            "--network",
            "resnet-8-s2",
            "--train-images",
            400,
            "--epochs",
            2,
            "--learning-rate",
            "1e30",
            "--out",
            run,
            "--quiet");

    assertTrue(line.contains("finite loss"), line);
    assertTrue(Files.exists(run.resolve("run.json")));
    assertFalse(Files.exists(run.resolve("train/model.onnx")));
  }

  private void refused(Path data, String expected) {
    Path out = temporary.resolve("out");

    String line = CommandLineSession.refusal("train", "--data", data, "--out", out, "--quiet");

    assertTrue(line.contains(expected), line);
    assertFalse(Files.exists(out), "nothing is made before the images are read");
  }

  static CommandLineSession smallTraining(Path run) {
    return CommandLineSession.of(
        "train",
        "--network",
        "resnet-8-s2",
        "--train-images",
        400,
        "--epochs",
        1,
        "--out",
        run,
        "--quiet");
  }

  private Path idxFolder() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("idx"));
    for (String set : new String[] {"train", "t10k"}) {
      try (DataOutputStream images =
          new DataOutputStream(Files.newOutputStream(folder.resolve(set + "-images-idx3-ubyte")))) {
        for (int number : new int[] {0x803, 20, 8, 8}) {
          images.writeInt(number);
        }
        images.write(new byte[20 * 8 * 8]);
      }
      try (DataOutputStream labels =
          new DataOutputStream(Files.newOutputStream(folder.resolve(set + "-labels-idx1-ubyte")))) {
        labels.writeInt(0x801);
        labels.writeInt(20);
        for (int i = 0; i < 20; i++) {
          labels.write(i % 2);
        }
      }
    }
    return folder;
  }
}

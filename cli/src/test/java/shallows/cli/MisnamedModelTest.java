package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.export.pass.ExportPasses;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.onnx.write.OnnxWriter;

/** A model whose name says that it is of the other format: what it is, and what to type. */
class MisnamedModelTest {
  @TempDir private Path folder;
  private Path onnx;
  private Path tflite;
  private Path image;
  private Path data;

  @BeforeEach
  void writes() throws IOException {
    Graph graph = Networks.create("resnet-8-s2", Shape.of(3, 8, 8), Task.unnamed(2, 3), 1);
    onnx = Files.write(folder.resolve("a.tflite"), OnnxWriter.bytes(graph));
    tflite = Files.write(folder.resolve("b.onnx"), TfliteWriter.bytes(ExportPasses.all(graph)));
    image = TestPictures.write(folder.resolve("a.png"), 8, 8, 1);
    data = TestPictures.writeFolder(folder.resolve("pictures"), 20, "class 0", "class 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"inspect", "convert", "shrink", "classify", "verify", "verify --layers"})
  void anOnnxFileNamedTflite(String command) {
    String line = CommandLineSession.refusal(words(command, onnx));

    assertTrue(line.contains(onnx + ": expected "), line);
    assertTrue(line.contains("found an ONNX model"), line);
    assertTrue(line.contains("rename it to " + folder.resolve("a.onnx")), line);
    assertNothingIsWritten();
  }

  @ParameterizedTest
  @ValueSource(strings = {"classify", "verify", "verify --layers"})
  void aTfliteFileNamedOnnx(String command) {
    String line = CommandLineSession.refusal(words(command, tflite));

    assertTrue(line.contains(tflite + ": expected "), line);
    assertTrue(line.contains("found a TFLite model"), line);
    assertTrue(line.contains("rename it to " + folder.resolve("b.tflite")), line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"inspect", "convert", "shrink"})
  void aTfliteFileNamedOnnxWhereNoTfliteIsTaken(String command) {
    String line = CommandLineSession.refusal(words(command, tflite));

    assertTrue(line.contains(tflite + ": expected an ONNX model, found a TFLite model"), line);
    assertTrue(line.contains("named .tflite, classify and verify take it"), line);
    assertNothingIsWritten();
  }

  @Test
  void aReferenceLikewise() throws IOException {
    Path right = Files.move(tflite, folder.resolve("b.tflite"));

    String line = CommandLineSession.refusal("verify", right, "--data", data, "--reference", onnx);

    assertTrue(line.contains("found an ONNX model"), line);
  }

  @Test
  void aTfliteFileMayHaveANameThatSaysNothing() throws IOException {
    Path other = Files.move(tflite, folder.resolve("b.lite"));

    assertEquals(0, CommandLineSession.of("classify", other, image).status());
  }

  private Object[] words(String command, Path model) {
    return switch (command) {
      case "classify" -> new Object[] {command, model, image};
      case "verify" -> new Object[] {command, model, "--data", data};
      case "verify --layers" -> new Object[] {"verify", model, "--data", data, "--layers"};
      case "shrink" ->
          new Object[] {command, model, "--data", data, "--out", folder.resolve("run")};
      default -> new Object[] {command, model};
    };
  }

  private void assertNothingIsWritten() {
    assertEquals(
        List.of("a.png", "a.tflite", "b.onnx", "pictures"),
        List.of(folder.toFile().list()).stream().sorted().toList());
    assertFalse(Files.exists(folder.resolve("run")));
  }
}

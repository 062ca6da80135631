package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.onnx.OnnxWriter;

class ConvertTest {
  @TempDir Path folder;

  private Path file;

  @BeforeEach
  void write() {
    file = folder.resolve("theirs.onnx");
    OnnxWriter.write(
        Networks.create("resnet-8-s2", Shape.of(1, 28, 28), Task.unnamed(10, 1), 1), file);
  }

  @Test
  void writesATfliteFileBesideTheOnnxFileAndSaysHowFarItDiffers() {
    CommandLineSession session = CommandLineSession.of("convert", file.toString());

    assertEquals(0, session.status());
    assertTrue(Files.isRegularFile(folder.resolve("theirs.tflite")));
    assertTrue(session.out().get(0).contains("differs from "), session.out().toString());
  }

  @Test
  void refusesAnotherFormatAndTheFileItself() {
    for (String out : new String[] {"theirs.pb", "theirs.onnx"}) {
      Path target = folder.resolve(out);
      CommandLineSession session =
          CommandLineSession.of("convert", file.toString(), "--out", target.toString());
      assertEquals(2, session.status(), out);
    }
    assertFalse(Files.exists(folder.resolve("theirs.pb")));
  }
}

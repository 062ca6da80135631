package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.network.Networks;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;

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
  void writesNothingWhoseOutputsCannotBeCompared() throws IOException {
    Graph graph = OnnxReader.read(file);
    Map<String, Tensor> huge = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (node.operation() instanceof Operation.Conv2d) {
        Tensor weight = graph.parameter(node.inputs().get(1));
        float[] values = new float[weight.size()];
        // Two layers of it are beyond the largest float, and infinity less infinity is no number.
        Arrays.fill(values, 1e30f);
        huge.put(node.inputs().get(1), new Tensor(weight.shape(), values));
      }
    }
    OnnxWriter.write(graph.withParameters(huge), file);
    Path earlier = Files.writeString(folder.resolve("theirs.tflite"), "of an earlier day");
    for (String name : new String[] {"theirs.tflite", "other.onnx"}) {
      CommandLineSession session =
          CommandLineSession.of("convert", file, "--out", folder.resolve(name));
      assertEquals(1, session.status(), session.toString());
      assertTrue(session.out().get(0).contains("not written"), session.toString());
    }
    assertEquals("of an earlier day", Files.readString(earlier));
    assertFalse(Files.exists(folder.resolve("other.onnx")));
  }

  @Test
  void writesFewerBitsAndSaysWhatRoundingMoves() {
    for (String precision : new String[] {"fp16", "int8-weights", "int4-weights"}) {
      CommandLineSession session = CommandLineSession.of("convert", file, "--precision", precision);
      assertEquals(0, session.status(), session.toString());
      String ending = precision.equals("int4-weights") ? ".onnx" : ".tflite";
      assertTrue(Files.isRegularFile(folder.resolve("theirs-" + precision + ending)));
      assertTrue(session.out().get(0).contains("which moves them by"), session.toString());
    }
  }

  @Test
  void calibratesOnPicturesAndSaysWhatThatCosts() throws IOException {
    Path colours = folder.resolve("colours.onnx");
    OnnxWriter.write(
        Networks.create("resnet-8-s2", Shape.of(3, 8, 8), Task.unnamed(3, 3), 1), colours);
    TrainedElsewhere.forgetTask(colours);
    Path photos = TestPictures.writeFolder(folder.resolve("photos"), 40, "a", "b", "c");
    CommandLineSession session =
        CommandLineSession.of(
            "convert",
            colours,
            "--precision",
            "int8",
            "--data",
            photos,
            // Of a network that has learned nothing.
            "--max-drop",
            100,
            "--out",
            folder.resolve("eight.onnx"),
            "--quiet");
    assertEquals(0, session.status(), session.toString());
    assertTrue(Files.isRegularFile(folder.resolve("eight.onnx")));
    String lines = String.join("\n", session.out());
    assertTrue(lines.contains("in fp32, on 24 images of photos test"), lines);
    assertTrue(lines.matches("(?s).*\ncheck +passed: outputs within .*"), lines);
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

package shallows.pipeline.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.onnx.BinaryOnnxWriter;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.network.Networks;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;

class ClassificationTest {
  private static final Graph NETWORK = binary();

  @TempDir private Path folder;
  private Path image;

  @BeforeEach
  void writesAnImage() throws IOException {
    image = folder.resolve("a.png");
    ImageIO.write(new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY), "png", image.toFile());
  }

  @Test
  void aFileOfPackedWeightsNamesItsOwnClassesAndAnswersAsItsTwin() {
    Path packed = packed();
    Path twin = folder.resolve("run-fp32.onnx");
    OnnxWriter.write(NETWORK, twin);
    List<Classification.Answer> answers = Classification.of(packed, List.of(image), 1);
    assertEquals(Classification.of(twin, List.of(image), 1), answers);
    assertEquals(image, answers.get(0).image());
    assertTrue(List.of("cat", "dog").contains(answers.get(0).guesses().get(0).label()));
    assertTrue(answers.get(0).guesses().get(0).probability() >= 0.5);
  }

  @Test
  void foldersAndListsAreGoneThroughAndWhatDoesNotDecodeIsTold() throws IOException {
    Path model = packed();
    Path pictures = Files.createDirectories(folder.resolve("pictures/deep"));
    for (String name : List.of("deep/b.png", "c.PNG", "a.png")) {
      Files.copy(image, pictures.getParent().resolve(name));
    }
    Files.writeString(pictures.resolve("notes.json"), "no picture");
    Path list = Files.writeString(folder.resolve("list.txt"), "pictures/c.PNG\n\na.png\n");
    Told told = new Told();
    Classification.each(model, List.of(pictures.getParent(), list, image), 1, told);
    assertEquals(List.of("a.png", "c.PNG", "b.png", "c.PNG", "a.png", "a.png"), told.names);
    assertEquals(List.of(), told.broken);

    Path broken = Files.writeString(pictures.resolve("d.jpg"), "broken");
    told = new Told();
    Classification.each(model, List.of(pictures), 1, told);
    assertEquals(List.of("b.png"), told.names);
    assertEquals(1, told.broken.size());
    assertTrue(told.broken.get(0).startsWith(broken.toString()), told.broken.get(0));
    assertThrows(
        BadInputException.class, () -> Classification.each(model, List.of(broken), 1, new Told()));
    Path empty = Files.createDirectories(folder.resolve("empty"));
    assertThrows(
        BadInputException.class, () -> Classification.each(model, List.of(empty), 1, new Told()));
  }

  private static final class Told implements Classification.Listener {
    private final List<String> names = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();

    @Override
    public void answered(Classification.Answer answer) {
      names.add(answer.image().getFileName().toString());
    }

    @Override
    public void broken(BadInputException why) {
      broken.add(why.getMessage());
    }
  }

  @Test
  void refusesADamagedFileByName() throws IOException {
    Path damaged = Files.writeString(folder.resolve("damaged.onnx"), "this is text");
    String line =
        assertThrows(BadInputException.class, () -> Classification.of(damaged, List.of(image), 1))
            .getMessage();
    assertTrue(line.startsWith(damaged + ": expected an ONNX model"), line);
  }

  @Test
  void refusesAnswersThatAreNoNumbers() throws IOException {
    Map<String, Tensor> huge = new HashMap<>();
    for (Node node : NETWORK.nodes()) {
      if (node.operation() instanceof Operation.Conv2d) {
        Shape shape = NETWORK.parameter(node.inputs().get(1)).shape();
        float[] values = new float[shape.size()];
        // Two layers of it are beyond the largest float, and infinity less infinity is no number.
        Arrays.fill(values, 1e30f);
        huge.put(node.inputs().get(1), new Tensor(shape, values));
      }
    }
    Path file = folder.resolve("huge.onnx");
    OnnxWriter.write(NETWORK.withParameters(huge), file);
    BufferedImage bright = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
    bright.createGraphics().fillRect(0, 0, 28, 28);
    ImageIO.write(bright, "png", image.toFile());

    String line =
        assertThrows(BadInputException.class, () -> Classification.of(file, List.of(image), 1))
            .getMessage();
    assertTrue(line.startsWith(image + ": expected outputs of the model that are numbers"), line);
  }

  @Test
  void inspectingPackedWeightsPointsToTheTwinInOneSentence() {
    Path packed = packed();
    String line = assertThrows(BadInputException.class, () -> OnnxReader.read(packed)).getMessage();
    assertTrue(line.contains("-fp32.onnx"), line);
    assertTrue(line.length() < packed.toString().length() + 200, line);
  }

  private Path packed() {
    Path file = folder.resolve("run-binary.onnx");
    BinaryOnnxWriter.write(NETWORK, file);
    return file;
  }

  private static Graph binary() {
    Task task = new Task(List.of("cat", "dog"), List.of(0f), List.of(1f));
    Graph network = Networks.create("resnet-8-s2", Shape.of(1, 28, 28), task, 1);
    Map<String, Operation> operations = new HashMap<>();
    for (Node node : network.branch(network.blocks().get(0))) {
      if (node.operation() instanceof Operation.Conv2d conv) {
        operations.put(node.name(), conv.withPrecision(Precision.BINARY));
      }
    }
    return Rewrites.withOperations(network, operations);
  }
}

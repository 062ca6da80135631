package shallows.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.DataOptions;
import shallows.data.sets.DataSets;
import shallows.export.pass.ExportPasses;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.network.Networks;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.pipeline.measure.AskedTask;
import shallows.pipeline.measure.ModelFileCheck;

class MeasuredWordsTest {
  private static final String DATA = DataSets.FASHION_MNIST_MINI;
  private static final List<String> CLASSES =
      DataSets.open(DATA, DataOptions.ofSeed(1), Progress.SILENT).classes();
  private static final Task TASK = new Task(CLASSES, List.of(0.3f), List.of(0.4f));

  @TempDir private Path folder;

  @Test
  void aFileThatNamesNoTaskHasPresetsTriedOnItAndItIsSaid() throws IOException {
    List<String> lines = run(foreign(), Optional.empty(), false);

    assertTrue(lines.get(2).startsWith("pixels"), lines.toString());
    assertTrue(lines.get(2).contains("by the accuracy on 250 images: data "), lines.get(2));
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("memory")), lines.toString());
    int classes = lines.indexOf("") + 2;
    for (int i = 0; i < CLASSES.size(); i++) {
      String row = lines.get(classes + i);
      assertTrue(row.startsWith(CLASSES.get(i)), row);
      assertTrue(row.matches(".* 200 +[\\d.]+ % +[\\d.]+ to [\\d.]+ %.*"), row);
    }
  }

  @Test
  void orTheTaskOfItsReference() throws IOException {
    Path reference = onnx("reference.onnx", network(1, TASK));

    List<String> lines = run(foreign(), Optional.of(reference), false);

    assertTrue(lines.get(1).endsWith("Fashion-MNIST mini test"), lines.get(1));
    assertFalse(lines.get(2).startsWith("pixels"), "the reference says how they are scaled");
    assertTrue(lines.contains("agreement      100.00 %"), lines.toString());
    assertTrue(
        lines.contains(
            "changed        0 wrong that were right; 0 right that were wrong; 0 wrong in another"
                + " way"),
        lines.toString());
  }

  @Test
  void imagesAreBroughtToTheSizeOfTheFile() {
    Path file = onnx("small.onnx", Networks.create("resnet-8-s2", Shape.of(1, 16, 16), TASK, 1));

    assertTrue(run(file, Optional.empty(), false).get(1).contains("2,000 images"));
  }

  @Test
  void theFirstValueThatDepartsIsNamed() {
    Path file = onnx("a.onnx", network(1, TASK));
    Path other = onnx("other.onnx", network(2, TASK));

    List<String> lines = run(file, Optional.of(other), true);

    String first = network(1, TASK).nodes().get(0).name();
    assertEquals(
        "the first value to depart from the interpreter's is " + first,
        lines.get(lines.size() - 1));
  }

  @Test
  void theSameClassesInAnotherOrderAreFoundByTheirNames() {
    List<String> turned = new ArrayList<>(CLASSES);
    Collections.reverse(turned);
    Path file = folder.resolve("turned.tflite");
    TfliteWriter.write(
        ExportPasses.all(network(1, new Task(turned, TASK.normalization()))),
        TfliteOptions.STANDARD,
        file);

    List<String> lines = run(file, Optional.empty(), false);

    assertTrue(lines.get(lines.indexOf("") + 2).startsWith("Ankle boot"), lines.toString());
    String line =
        assertThrows(
                BadInputException.class,
                () -> run(file, Optional.of(onnx("right.onnx", network(1, TASK))), false))
            .getMessage();
    assertTrue(line.contains("expected a model of the classes [Ankle boot"), line);
  }

  @Test
  void classesThatTheFileDoesNotKnowAreRefused() {
    List<String> others = new ArrayList<>(CLASSES);
    others.set(3, "cat");

    String line = refusal(onnx("cat.onnx", network(1, new Task(others, TASK.normalization()))));

    assertTrue(line.contains("1 others, for example 'Dress'"), line);
  }

  @Test
  void outputsThatAreNoNumbersAreToldInOneLine() {
    Graph whole = network(1, TASK);
    String bias = whole.node(whole.output()).inputs().get(2);
    float[] values = whole.parameter(bias).values().clone();
    values[4] = Float.NaN;
    Graph broken = whole.withParameters(Map.of(bias, Tensor.vector(values)));

    String line = refusal(onnx("broken.onnx", broken));

    assertTrue(line.contains("expected outputs that are numbers, found NaN or infinity"), line);
    assertTrue(line.contains("first for image #0 of Fashion-MNIST mini test"), line);
  }

  @Test
  void greyImagesDoForAFileOfColours() {
    Task colours = new Task(CLASSES, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
    Path file =
        onnx("colours.onnx", Networks.create("resnet-8-s2", Shape.of(3, 28, 28), colours, 1));

    assertTrue(run(file, Optional.empty(), false).get(1).contains("2,000 images"));
  }

  @Test
  void imagesOfColoursAreRefusedForAFileOfGreyOnes() throws IOException {
    Path pictures = folder.resolve("pictures");
    for (String name : List.of("cat", "dog")) {
      Path of = Files.createDirectories(pictures.resolve(name));
      for (int i = 0; i < 6; i++) {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        image.setRGB(i, i, 0xff0000);
        ImageIO.write(image, "png", of.resolve(i + ".png").toFile());
      }
    }
    ModelFileCheck check =
        new ModelFileCheck(
            onnx("grey.onnx", network(1, TASK)),
            Optional.empty(),
            false,
            Optional.empty(),
            AskedTask.NOTHING);

    String line =
        assertThrows(
                BadInputException.class,
                () -> check.run(List.of(pictures.toString()), 1, 1, Progress.SILENT))
            .getMessage();

    assertTrue(line.contains("expected images of 1 channel (grey), as grey.onnx takes"), line);
  }

  private String refusal(Path file) {
    return assertThrows(BadInputException.class, () -> run(file, Optional.empty(), false))
        .getMessage();
  }

  private static List<String> run(Path file, Optional<Path> reference, boolean layers) {
    ModelFileCheck asked =
        new ModelFileCheck(file, reference, layers, Optional.empty(), AskedTask.NOTHING);
    return MeasuredWords.lines(asked, asked.run(List.of(DATA), 1, 1, Progress.SILENT));
  }

  private static Graph network(long seed, Task task) {
    return Networks.create("resnet-8-s2", Shape.of(1, 28, 28), task, seed);
  }

  private Path onnx(String name, Graph graph) {
    Path file = folder.resolve(name);
    OnnxWriter.write(graph, file);
    return file;
  }

  /** As another tool writes it: our key for the task is none of its. */
  private Path foreign() throws IOException {
    String bytes = new String(OnnxWriter.bytes(network(1, TASK)), StandardCharsets.ISO_8859_1);
    String renamed = bytes.replace("shallows.task", "somebody.else");
    Path file = folder.resolve("foreign.onnx");
    return Files.write(file, renamed.getBytes(StandardCharsets.ISO_8859_1));
  }
}

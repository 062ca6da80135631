package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.DataOptions;
import shallows.data.sets.DataSets;
import shallows.export.pass.ExportPasses;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;

/** {@code verify} on a model file instead of a run. */
class VerifyFileTest {
  private static final String DATA = DataSets.FASHION_MNIST_MINI;

  @TempDir private static Path temporary;
  private static Path onnx;
  private static Path folded;
  private static Path tflite;

  @BeforeAll
  static void writesFiles() {
    Task task =
        new Task(
            DataSets.open(DATA, DataOptions.ofSeed(1), Progress.SILENT).classes(),
            List.of(0.3f),
            List.of(0.4f));
    Graph graph = Networks.create("resnet-8-s2", Shape.of(1, 28, 28), task, 1);
    onnx = temporary.resolve("a.onnx");
    folded = temporary.resolve("a-folded.onnx");
    tflite = temporary.resolve("a.tflite");
    OnnxWriter.write(graph, onnx);
    OnnxWriter.write(ExportPasses.all(graph), folded);
    TfliteWriter.write(ExportPasses.all(graph), TfliteOptions.STANDARD, tflite);
  }

  @Test
  void measuresAFileBesideAReferenceLayerByLayer() {
    String lines = layers(folded, onnx);

    assertTrue(lines.matches("(?s).*\naccuracy +[\\d.]+ % on 2,000 images .*"), lines);
    assertTrue(lines.matches("(?s).*\nagreement +\\d.*\nKL divergence .* nats\n.*"), lines);
    assertTrue(lines.contains("\nno value departs from the interpreter's"), lines);
  }

  /** What is said of the inside of a file beside that of another. */
  private static String layers(Path file, Path reference) {
    CommandLineSession session =
        CommandLineSession.of(
            "verify", file, "--data", DATA, "--reference", reference, "--layers", "--quiet");
    assertEquals(0, session.status(), session.toString());
    return String.join("\n", session.out());
  }

  @Test
  void takesWhatTheFileDoesNotSayAsShrinkDoes() {
    CommandLineSession session =
        CommandLineSession.of(
            "verify", onnx, "--data", DATA, "--mean", "0.3", "--std", "0.4", "--quiet");
    assertEquals(0, session.status(), session.toString());
    String given = "(?s).*\npixels +[^\n]*of mean and deviation.*";
    String near = "(?s).*\npixels +only [\\d.]+ % of 250 images are right.*";
    String lines = String.join("\n", session.out());
    assertTrue(lines.matches(given) || lines.matches(near), lines);

    String line =
        CommandLineSession.refusal(
            "verify", onnx, "--data", DATA, "--normalization", "imagenet", "--quiet");
    assertTrue(line.contains("a network for images of 3 channels"), line);
    line = CommandLineSession.refusal("verify", onnx, "--data", DATA, "--mean", "0.3", "--quiet");
    assertTrue(line.contains("--std"), line);
    line = CommandLineSession.refusal("verify", temporary, "--normalization", "none");
    assertTrue(line.contains("--normalization"), line);
  }

  @Test
  void needsImages() {
    assertTrue(CommandLineSession.refusal("verify", tflite).contains("--data"));
  }

  @Test
  void refusesWhatOnlyARunHasAndARunWhatOnlyAFileHas() {
    String line = CommandLineSession.refusal("verify", tflite, "--data", DATA, "--max-drop", 1);
    assertTrue(line.contains("--max-drop"), line);
    line = CommandLineSession.refusal("verify", temporary, "--data", DATA);
    assertTrue(line.contains("--data"), line);
  }

  @Test
  void givesTheSameFiguresInPartsAndOfSeveralSets() {
    String once = figures(DATA);
    String parts = figures(DATA, "--out", temporary.resolve("parts"));
    assertEquals(once, parts);
    assertTrue(Files.exists(temporary.resolve("parts/part-00000/job.json")));

    String twice = figures(DATA, "--data", DATA);
    assertTrue(twice.contains(" % on 4,000 images of "), twice);
  }

  /** All lines but those of what this machine took. */
  private static String figures(Object... words) {
    List<Object> line = new ArrayList<>(List.of("verify", onnx, "--quiet", "--data"));
    line.addAll(List.of(words));
    CommandLineSession session = CommandLineSession.of(line.toArray());
    assertEquals(0, session.status(), session.toString());
    return session.out().stream()
        .filter(shown -> !shown.startsWith("latency") && !shown.startsWith("memory"))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void needsAFolderForThePartsThatOthersDo() throws IOException {
    String line = CommandLineSession.refusal("verify", onnx, "--data", DATA, "--on", "spark");
    assertTrue(line.contains("--on: expected --out DIR"), line);
    line =
        CommandLineSession.refusal(
            "verify", onnx, "--data", DATA, "--on", "hadoop", "--out", temporary.resolve("no"));
    assertTrue(line.contains("--on: expected spark or spark://HOST:PORT"), line);
    Path run = Files.createDirectory(temporary.resolve("run"));
    Files.writeString(run.resolve("run.json"), "{}");
    line = CommandLineSession.refusal("verify", onnx, "--data", DATA, "--out", run);
    assertTrue(line.contains("found a run; choose another --out"), line);
  }

  @Test
  void looksAtTheLayersOfATfliteFileBesideAReference() {
    String lines = layers(tflite, onnx);

    assertTrue(lines.matches("(?s).*\nit says +not measured\n.*"), lines);
    assertTrue(lines.contains(" CONV_2D "), lines);
    assertTrue(lines.contains("\nno value departs from the interpreter's"), lines);
  }

  @Test
  void comparesTheInsideOfTwoFilesOfAnyFormat() {
    String lines = layers(onnx, tflite);

    assertTrue(lines.contains("in the reference"), lines);
    assertTrue(lines.contains("\nno operation departs"), lines);
  }

  @Test
  void needsAReferenceForTheLayersOfATfliteFile() {
    String line = CommandLineSession.refusal("verify", tflite, "--data", DATA, "--layers");
    assertTrue(line.contains("--reference"), line);
  }

  @Test
  void refusesAFileOfAnotherKind() throws IOException {
    Path text = Files.writeString(temporary.resolve("letter.txt"), "dear");
    String line = CommandLineSession.refusal("verify", text, "--data", DATA, "--quiet");
    assertTrue(line.contains(".onnx or .tflite"), line);
    Path damaged = Files.writeString(temporary.resolve("letter.tflite"), "dear");
    line = CommandLineSession.refusal("verify", damaged, "--data", DATA, "--quiet");
    assertTrue(line.contains("letter.tflite"), line);
  }
}

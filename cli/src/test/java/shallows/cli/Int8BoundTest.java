package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.quantize.calibrate.Calibrated;
import shallows.export.quantize.calibrate.LayerCost;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.onnx.write.OnnxWriter;
import shallows.pipeline.report.Report;

/** A network that 8 bits ruin keeps what it may lose, by floats in the layers that need them. */
class Int8BoundTest {
  private static final int SIDE = 8;
  private static final List<String> COLOURS = List.of("1 blue", "2 green", "3 red");

  /** Of each pixel before, taken back behind: next to it 8 bits see no pixel. */
  private static final float OFFSET = 20_000;

  @TempDir private Path folder;
  private Path photos;
  private Path network;

  @BeforeEach
  void prepare() throws IOException {
    photos = pictures();
    network = folder.resolve("theirs.onnx");
    OnnxWriter.write(brightest(), network);
  }

  @Test
  void shrunkExportedAgainAndInspected() throws IOException {
    Path run = folder.resolve("a-run");
    done("shrink", network, "--data", photos, "--precision", "int8", "--out", run, "--quiet");
    assertHolds(run);
    assertEquals(
        Set.of("a-run-int8.json", "a-run-full-int8.json"),
        Report.FORMAT.read(run.resolve("report.json")).sensitivity().keySet());
    assertTrue(
        Files.readString(run.resolve("report.html")).contains("What 8 bits cost, layer by layer"));
    String lines = String.join("\n", done("inspect", run).out());
    assertTrue(lines.matches("(?s).*\\d +colours +\\S+ +#+ +in floats\n.*"), lines);

    done("export", run, "--precision", "int8", "--format", "tflite", "--quiet");
    assertHolds(run);
    done("verify", run, "--quiet");

    CommandLineSession shared =
        done("export", run, "--weight-scales", "per-tensor", "--format", "tflite");
    assertTrue(shared.toString().contains("a-run: weights: one scale a layer"), shared.toString());
    done("verify", run, "--quiet");
  }

  @Test
  @Tag("trains")
  void trainedToKnowOtherClasses() throws IOException {
    Path run = folder.resolve("a-run");
    for (String colour : COLOURS) {
      Files.move(photos.resolve(colour), photos.resolve("like " + colour));
    }
    done(
        "run",
        "--from",
        network,
        "--normalization",
        "none",
        "--data",
        photos,
        "--epochs",
        0,
        "--fine-tune-epochs",
        0,
        "--precision",
        "int8",
        "--max-drop",
        2,
        "--out",
        run,
        "--quiet");
    assertHolds(run);
  }

  /** Verification has passed, or the status would be 1. */
  private static void assertHolds(Path run) {
    List<LayerCost> layers = Calibrated.layers(run.resolve("export/a-run-int8.json"));
    Set<String> floats =
        layers.stream()
            .filter(LayerCost::inFloats)
            .map(LayerCost::layer)
            .collect(Collectors.toSet());
    assertTrue(floats.containsAll(Set.of("colours", "back")), layers.toString());
    assertFalse(floats.size() == layers.size(), layers.toString());
  }

  private static CommandLineSession done(Object... line) {
    CommandLineSession session = CommandLineSession.of(line);
    assertEquals(0, session.status(), session.toString());
    return session;
  }

  /** Answers with the colour that is brightest in the mean. */
  private static Graph brightest() {
    Task task = new Task(COLOURS, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
    GraphBuilder builder = new GraphBuilder("colours", Shape.of(3, SIDE, SIDE), task, 1);
    String x = builder.image();
    x = layer(builder, x, "colours", new float[] {0, 0, 1, 0, 1, 0, 1, 0, 0}, OFFSET);
    x = layer(builder, x, "back", new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, -OFFSET);
    x = builder.add("mean", new Operation.GlobalAveragePool(), x);
    x = builder.add("vector", new Operation.Flatten(), x);
    Tensor weight = new Tensor(Shape.of(3, 3), new float[] {50, 0, 0, 0, 50, 0, 0, 0, 50});
    return builder.build(
        builder.add(
            "classifier",
            new Operation.Linear(),
            x,
            builder.parameter("classifier/weight", weight),
            builder.parameter("classifier/bias", Tensor.vector(new float[3]))));
  }

  private static String layer(
      GraphBuilder builder, String x, String name, float[] weight, float bias) {
    return builder.add(
        name,
        Operation.Conv2d.of(1, 0),
        x,
        builder.parameter(name + "/weight", new Tensor(Shape.of(3, 3, 1, 1), weight)),
        builder.parameter(name + "/bias", Tensor.vector(new float[] {bias, bias, bias})));
  }

  /** In each folder pictures of noise in which its colour is brighter. */
  private Path pictures() throws IOException {
    Random random = new Random(1);
    Path root = folder.resolve("photos");
    for (int colour = 0; colour < COLOURS.size(); colour++) {
      Path of = Files.createDirectories(root.resolve(COLOURS.get(colour)));
      for (int i = 0; i < 120; i++) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < SIDE * SIDE; p++) {
          int rgb = 0;
          for (int c = 0; c < 3; c++) {
            rgb |= (random.nextInt(128) + (c == colour ? 100 : 0)) << 8 * c;
          }
          image.setRGB(p % SIDE, p / SIDE, rgb);
        }
        ImageIO.write(image, "png", of.resolve(i + ".png").toFile());
      }
    }
    return root;
  }
}

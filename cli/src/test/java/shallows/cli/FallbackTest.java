package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.ExportedFile;
import shallows.export.verify.FileCheck;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.onnx.write.OnnxWriter;
import shallows.pipeline.report.Report;
import shallows.prune.plan.Decision;

/**
 * Test images that are not like those that pruning saw. The classes are told apart by red in
 * training images, whose green and blue hardly vary, and not with the class; in test images half by
 * green alone, half by blue alone. The network adds up the three: red without a block, green by one
 * block, blue, of which it makes less, by another. So no block is needed on training images,
 * nothing else there can stand in for one, and two are needed on test images.
 */
class FallbackTest {
  private static final int SIDE = 8;
  private static final int OF_EACH = 100;
  private static final int TESTS_OF_EACH = 40;

  /** A value that says nothing, and how far one lies from it that does. */
  private static final int MIDDLE = 128;

  /** How far green and blue lie from it in training images, on either side. */
  private static final int USUAL = 8;

  private static final int LEAST = 60;
  private static final int RANGE = 40;

  /** Points. Without green a quarter of the test images is wrong, without blue another. */
  private static final int MAX_DROP = 10;

  @TempDir private Path folder;

  @Test
  void theNextLargerNetworkShipsAndEveryPlaceSaysSo() throws IOException {
    CommandLineSession shrunk = shrink(write(network("nothing", "green", "blue")));

    assertEquals(0, shrunk.status(), shrunk.toString());
    List<String> said =
        shrunk.out().stream()
            .filter(line -> line.contains("test images reject that network; the next larger one"))
            .toList();
    assertEquals(1, said.size(), shrunk.toString());
    Path run = folder.resolve("run");
    assertTrue(Files.exists(run.resolve("bundle/run-fp32.onnx")));
    assertTrue(Files.exists(run.resolve("bundle/run-fp32.tflite")));

    Report report = Report.FORMAT.read(run.resolve("report.json"));
    assertEquals(1, report.plan().rejected().size());
    assertEquals(1.0, report.verification().prunedAccuracy());
    assertTrue(report.plan().count(Decision.DROP) < 3);
    assertTrue(report.verification().files().stream().allMatch(FileCheck::passed));
    String page = Files.readString(run.resolve("report.html"));
    assertTrue(page.contains("Test images rejected one smaller network before this one"));

    JsonObject plan = plan();
    assertEquals(
        List.of(0.5),
        rejected(plan).stream().map(each -> each.get("testAccuracy").getAsDouble()).toList());
    assertEquals(
        List.of(3),
        rejected(plan).stream()
            .map(each -> each.getAsJsonObject("network").get("dropped").getAsInt())
            .toList());
    assertTrue(plan.getAsJsonArray("blocks").toString().contains("rejected"), plan.toString());
    // What is shipped is what is done: the same command finds nothing to do.
    CommandLineSession again = shrink(folder.resolve("their.onnx"));
    assertEquals(0, again.status());
    assertTrue(again.err().get(0).contains("finished"), again.toString());
  }

  @Test
  void whereEveryDropIsRejectedTheWholeNetworkShips() throws IOException {
    CommandLineSession shrunk = shrink(write(network("green")));

    assertEquals(0, shrunk.status(), shrunk.toString());
    assertTrue(
        shrunk.out().stream()
            .anyMatch(line -> line.contains("takes its place: 1 kept, 0 binarized, 0 dropped")),
        shrunk.toString());
    assertTrue(Files.exists(folder.resolve("run/bundle/run-fp32.onnx")));
    assertEquals(1, rejected(plan()).size());
  }

  /** The smaller size is that of the network of which nothing was left. */
  @Test
  void ofAFamilyTheNextLargerMemberStandsForTheRunAndTheOthersAreLeftOut() throws IOException {
    Path theirs = write(network("nothing", "green", "blue"));
    assertEquals(0, shrink(theirs).status());
    long bytes = rejected(plan()).get(0).getAsJsonObject("network").get("bytes").getAsLong();
    Path run = folder.resolve("family");

    CommandLineSession shrunk =
        shrink(theirs, run, "--keep-precision", "--family", "nano=" + bytes + ",base=99%");

    assertEquals(1, shrunk.status(), shrunk.toString());
    for (String larger : List.of("base, 2 kept")) {
      assertTrue(
          shrunk.out().stream().anyMatch(line -> line.contains("takes its place: " + larger)),
          shrunk.toString());
    }
    for (String left : List.of("nano")) {
      assertTrue(
          shrunk.err().stream().anyMatch(line -> line.contains(left + " is not in the bundle")),
          shrunk.toString());
      assertTrue(Files.exists(run.resolve("export/family-" + left + "-fp32.onnx")));
      assertFalse(Files.exists(run.resolve("bundle/family-" + left + "-fp32.onnx")));
      assertTrue(Files.exists(run.resolve("prune/" + left + "/model.onnx")));
    }
    assertTrue(Files.exists(run.resolve("bundle/family-fp32.onnx")));
    Report report = Report.FORMAT.read(run.resolve("report.json"));
    assertEquals(1, report.plan().rejected().size());
    assertEquals("base", report.family().chosen());
    for (ExportedFile file : report.export().files()) {
      boolean left = List.of("nano").contains(report.network(file));
      assertEquals(left, !report.check(file).passed(), file.toString());
    }
    assertTrue(Files.readString(run.resolve("report.html")).contains("✗ left out"));
  }

  private CommandLineSession shrink(Path network) throws IOException {
    return shrink(network, folder.resolve("run"));
  }

  private CommandLineSession shrink(Path network, Path run, Object... more) throws IOException {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "shrink",
                network,
                "--data",
                images(),
                "--normalization",
                "none",
                "--max-drop",
                MAX_DROP,
                "--precision",
                "fp32",
                "--out",
                run,
                "--quiet"));
    words.addAll(List.of(more));
    return CommandLineSession.of(words.toArray());
  }

  private JsonObject plan() throws IOException {
    return JsonParser.parseString(Files.readString(folder.resolve("run/prune/plan.json")))
        .getAsJsonObject();
  }

  private static List<JsonObject> rejected(JsonObject plan) {
    JsonArray rejected = plan.getAsJsonArray("rejected");
    List<JsonObject> all = new ArrayList<>();
    rejected.forEach(each -> all.add(each.getAsJsonObject()));
    return all;
  }

  private Path write(Graph network) throws IOException {
    Path file = folder.resolve("their.onnx");
    OnnxWriter.write(network, file);
    TrainedElsewhere.forgetTask(file);
    return file;
  }

  /**
   * Channels 0 to 2 are red, green and blue about their middle; 0 is what the classes are told by.
   *
   * @param blocks each a colour whose share it adds to channel 0, or anything else to add nothing
   */
  private static Graph network(String... blocks) {
    GraphBuilder builder =
        new GraphBuilder("their", Shape.of(3, SIDE, SIDE), Task.unnamed(2, 3), 1);
    float middle = -MIDDLE / 255f;
    String x =
        conv(
            builder,
            "stem",
            builder.image(),
            new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1},
            new float[] {middle, middle, middle});
    for (String block : blocks) {
      int colour = List.of("nothing", "green", "blue").indexOf(block);
      float share = colour == 0 ? 0 : 1f / colour;
      float[] apart = new float[9];
      apart[colour] = 1;
      apart[3 + colour] = -1;
      String both =
          builder.add(
              block + "/relu",
              new Operation.Relu(),
              conv(builder, block + "/apart", x, apart, new float[3]));
      float[] amount = {share, share, 0, 0, 0, 0, 0, 0, 0};
      float[] bias = {-share * USUAL / 255, 0, 0};
      x = builder.residual(block, x, conv(builder, block + "/amount", both, amount, bias));
    }
    String flat =
        builder.add(
            "flatten",
            new Operation.Flatten(),
            builder.add("pool", new Operation.GlobalAveragePool(), x));
    return builder.build(
        builder.add(
            "classifier",
            new Operation.Linear(),
            flat,
            builder.parameter(
                "classifier/weight", new Tensor(Shape.of(2, 3), new float[] {-2, 0, 0, 2, 0, 0})),
            builder.parameter("classifier/bias", new Tensor(Shape.of(2), new float[2]))));
  }

  private static String conv(
      GraphBuilder builder, String name, String from, float[] weight, float[] bias) {
    return builder.add(
        name,
        new Operation.Conv2d(Extent.ONE, Extent.ZERO, Extent.ONE, 1, Precision.FLOAT),
        from,
        builder.parameter(name + "/weight", new Tensor(Shape.of(3, 3, 1, 1), weight)),
        builder.parameter(name + "/bias", new Tensor(Shape.of(3), bias)));
  }

  /** Two classes, the first below the middle and the second above it. */
  private Path images() throws IOException {
    Path images = folder.resolve("images");
    for (int label = 0; label < 2; label++) {
      int sign = label == 0 ? -1 : 1;
      for (int i = 0; i < OF_EACH; i++) {
        int far = sign * (LEAST + i % RANGE);
        int green = (i % 2 == 0 ? 1 : -1) * (i / 4 % 2 == 0 ? USUAL + 2 : USUAL - 2);
        int blue = (i / 2 % 2 == 0 ? 1 : -1) * (i / 8 % 2 == 0 ? USUAL + 1 : USUAL - 1);
        write(images.resolve("train"), label, i, far, green, blue);
      }
      for (int i = 0; i < TESTS_OF_EACH; i++) {
        int far = label == 0 ? 0 : LEAST + i % RANGE;
        write(
            images.resolve("test"),
            label,
            i,
            0,
            i % 2 == 0 ? far : USUAL,
            i % 2 == 0 ? USUAL : far);
      }
    }
    return images;
  }

  private static void write(Path part, int label, int number, int red, int green, int blue)
      throws IOException {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int p = 0; p < SIDE * SIDE; p++) {
      image.setRGB(
          p % SIDE, p / SIDE, (MIDDLE + red) << 16 | (MIDDLE + green) << 8 | MIDDLE + blue);
    }
    Path of = Files.createDirectories(part.resolve(label == 0 ? "dark" : "light"));
    ImageIO.write(image, "png", of.resolve(number + ".png").toFile());
  }
}

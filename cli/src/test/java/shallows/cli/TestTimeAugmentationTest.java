package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.verify.Augmented;
import shallows.export.verify.FileCheck;
import shallows.pipeline.report.Report;

/** Several copies of each image, from the command to the page. */
@Tag("trains")
class TestTimeAugmentationTest {
  private static final String FOUND =
      "[\\d.]+ % \\([+-][\\d.]+ points: \\d+ won, \\d+ lost\\), [\\d.]+ ms for an image, [\\d.]+"
          + " times as long";

  /** JSON has six places. */
  private static final double ROUNDING = 2e-6;

  @TempDir private static Path temporary;
  private static Path pictures;
  private static Path run;

  @BeforeAll
  static void runs() throws IOException {
    SmallRun small = SmallRun.in(temporary, "run", 1);
    pictures = small.pictures();
    run = small.folder();
  }

  @Test
  void theFilesOfARunAreAskedAndThePageSaysWhatItBrought() throws IOException {
    CommandLineSession verified = CommandLineSession.of("verify", run, "--tta", "flip", "--quiet");
    assertEquals(0, verified.status(), verified.toString());
    CommandLineSession reported = CommandLineSession.of("report", run, "--quiet");
    assertEquals(0, reported.status(), reported.toString());

    Report report = Report.FORMAT.read(run.resolve("report.json"));
    String page = Files.readString(run.resolve("report.html"));
    assertEquals(4, report.verification().files().size());
    for (FileCheck check : report.verification().files()) {
      Augmented found = check.augmented();
      assertEquals("flip", found.copies());
      assertEquals(
          (found.won() - found.lost()) / (double) report.testImages(),
          found.accuracy() - check.accuracy(),
          1e-9);
      String begin = check.file() + " with flip: ";
      assertTrue(
          verified.out().stream().anyMatch(line -> line.matches(begin + FOUND)),
          verified.toString());
      assertTrue(page.matches("(?s).*<li>" + check.file() + ", flip: " + FOUND + "</li>.*"));
    }
  }

  @Test
  void aFileAloneIsAsked() {
    CommandLineSession session =
        CommandLineSession.of(
            "verify",
            run.resolve("export/run-fp32.tflite"),
            "--data",
            pictures,
            "--tta",
            "crops:5",
            "--quiet");

    assertEquals(0, session.status(), session.toString());
    assertTrue(
        session.out().stream().anyMatch(line -> line.matches("with crops:5 +" + FOUND)),
        session.toString());
  }

  @Test
  void classifyAnswersWithTheMeanForAnImageAndItsMirrorImage() throws IOException {
    Path image = TestPictures.write(temporary.resolve("a.png"), 8, 8, 5);
    Path mirrored = mirrored(image, temporary.resolve("b.png"));

    for (String file : List.of("run-full-fp32.onnx", "run-full-fp32.tflite")) {
      Map<String, Double> one = probabilities(file, image);
      Map<String, Double> other = probabilities(file, mirrored);
      Map<String, Double> both = probabilities(file, image, "--tta", "flip");
      assertTrue(!one.equals(other), "the network tells them apart");
      one.forEach(
          (label, probability) ->
              assertEquals((probability + other.get(label)) / 2, both.get(label), ROUNDING));
    }
  }

  private static Map<String, Double> probabilities(String file, Path image, Object... more) {
    Object[] words = {"classify", run.resolve("export").resolve(file), image, "--format", "json"};
    Object[] all = new Object[words.length + more.length];
    System.arraycopy(words, 0, all, 0, words.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    CommandLineSession session = CommandLineSession.of(all);
    assertEquals(0, session.status(), session.toString());
    JsonArray answers = JsonParser.parseString(String.join("", session.out())).getAsJsonArray();
    Map<String, Double> probabilities = new HashMap<>();
    for (JsonElement guess : answers.get(0).getAsJsonObject().getAsJsonArray("guesses")) {
      JsonObject of = guess.getAsJsonObject();
      probabilities.put(of.get("label").getAsString(), of.get("probability").getAsDouble());
    }
    return probabilities;
  }

  private static Path mirrored(Path image, Path to) throws IOException {
    BufferedImage pixels = ImageIO.read(image.toFile());
    BufferedImage turned =
        new BufferedImage(pixels.getWidth(), pixels.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < pixels.getHeight(); y++) {
      for (int x = 0; x < pixels.getWidth(); x++) {
        turned.setRGB(pixels.getWidth() - 1 - x, y, pixels.getRGB(x, y));
      }
    }
    ImageIO.write(turned, "png", to.toFile());
    return to;
  }
}

package shallows.export.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.LabelledImages;
import shallows.data.Normalization;
import shallows.data.decode.ImageDecoder;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.export.ExportedFile;
import shallows.export.NetworkForm;
import shallows.export.ShakenNetworks;
import shallows.export.TestImages;
import shallows.export.pass.ExportPasses;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.tflite.TfliteWriter;
import shallows.export.verify.ExportCheck;
import shallows.export.verify.Latency;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.onnx.write.OnnxWriter;

class BundleTest {
  private static final Graph GRAPH =
      TestImages.centred(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28)));
  private static final LabelledImages TEST = TestImages.labelledBy(GRAPH, 60);

  @TempDir private static Path temporary;
  private static Path exports;
  private static List<ExportCheck> checks;

  @BeforeAll
  static void exports() {
    exports = temporary.resolve("export");
    checks = new ArrayList<>();
    for (NetworkForm of : NetworkForm.values()) {
      for (ExportFormat format : ExportFormat.values()) {
        ExportedFile file = ExportedFile.named(exports, "run", of, ExportPrecision.FP32, format);
        if (format == ExportFormat.ONNX) {
          OnnxWriter.write(GRAPH, file.path());
        } else {
          TfliteWriter.write(ExportPasses.all(GRAPH), file.path());
        }
        checks.add(check(file, !file.path().endsWith("run-full-fp32.onnx")));
      }
    }
  }

  private static ExportCheck check(ExportedFile file, boolean passed) {
    return new ExportCheck(
        file.path().getFileName().toString(),
        file.of(),
        file.format(),
        file.precision(),
        file.path().toFile().length(),
        "a runtime",
        0.875,
        1.0,
        0.0,
        new Latency(1, 1),
        passed,
        "",
        0.0,
        null,
        0,
        0);
  }

  @Test
  void holdsWhatPassedAndNothingElse() throws IOException {
    Bundle bundle = write("whole");
    assertEquals(bundle, BundleReader.read(temporary.resolve("whole")));
    Set<String> expected =
        new TreeSet<>(
            Set.of(
                "model.json",
                "labels.txt",
                "SHA256SUMS",
                "run-full-fp32.tflite",
                "run-fp32.onnx",
                "run-fp32.tflite",
                "sample1.png",
                "sample2.png",
                "sample3.png"));
    assertEquals(expected, names("whole"));
    assertEquals(
        Files.readString(temporary.resolve("whole/labels.txt")),
        String.join("\n", GRAPH.task().labels()) + "\n");
    assertEquals(NetworkForm.FULL, bundle.models().get(0).network());
    assertEquals(0.875, bundle.models().get(0).accuracy());
  }

  @Test
  void theJsonHasTheMembersThatAnAppReads() throws IOException {
    write("json");
    JsonObject json =
        JsonParser.parseString(Files.readString(temporary.resolve("json/model.json")))
            .getAsJsonObject();
    assertEquals(
        Set.of("version", "name", "task", "data", "input", "labels", "models", "samples"),
        json.keySet());
    assertEquals(
        Set.of("channels", "height", "width", "mean", "deviation"),
        json.getAsJsonObject("input").keySet());
    JsonObject model = json.getAsJsonArray("models").get(0).getAsJsonObject();
    assertEquals(
        Set.of("file", "format", "network", "precision", "bytes", "accuracy", "sha256"),
        model.keySet());
    assertEquals("tflite", model.get("format").getAsString());
    assertEquals("full", model.get("network").getAsString());
    assertEquals("fp32", model.get("precision").getAsString());
    JsonObject sample = json.getAsJsonArray("samples").get(0).getAsJsonObject();
    assertEquals(Set.of("file", "label", "logits"), sample.keySet());
  }

  @Test
  void theSamplesGiveTheirLogitsInEachFileAgain() {
    Bundle bundle = write("samples");
    Path folder = temporary.resolve("samples");
    Set<Integer> classes = new HashSet<>();
    for (Bundle.Sample sample : bundle.samples()) {
      classes.add(sample.label());
      byte[] pixels = ImageDecoder.decode(folder.resolve(sample.file())).bytes();
      LabelledImages image =
          new LabelledImages(
              "one", GRAPH.task().labels(), 1, 28, 28, pixels, new int[] {sample.label()});
      Normalization normalization =
          new Normalization(bundle.input().mean(), bundle.input().deviation());
      for (Bundle.Model model : bundle.models()) {
        try (RuntimeClassifier runtime = RuntimeClassifier.open(folder.resolve(model.file()), 1)) {
          float[] found = runtime.logits(image.channelsFirst(0, 1, normalization), 1)[0];
          float[] expected = new float[found.length];
          for (int c = 0; c < expected.length; c++) {
            expected[c] = sample.logits().get(model.file()).get(c);
          }
          // The same file and runtime, alone instead of in a batch.
          assertArrayEquals(expected, found, 1e-4f, model.file());
          assertEquals(sample.label(), largest(found), model.file());
        }
      }
    }
    assertEquals(3, classes.size());
  }

  @Test
  void theSameFilesGiveTheSameBundle() throws IOException {
    write("first");
    write("second");
    for (String name : names("first")) {
      assertArrayEquals(
          Files.readAllBytes(temporary.resolve("first").resolve(name)),
          Files.readAllBytes(temporary.resolve("second").resolve(name)),
          name);
    }
  }

  @Test
  void aFlippedByteInAnyFileIsNamed() throws IOException {
    write("damaged");
    Random random = new Random(3);
    for (String name : names("damaged")) {
      Path file = temporary.resolve("damaged").resolve(name);
      byte[] whole = Files.readAllBytes(file);
      for (int i = 0; i < 20; i++) {
        byte[] flipped = whole.clone();
        flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, flipped);
        BadInputException e =
            assertThrows(
                BadInputException.class, () -> BundleReader.read(temporary.resolve("damaged")));
        assertTrue(
            e.getMessage().contains(name) || name.equals("SHA256SUMS"),
            name + ": " + e.getMessage());
      }
      Files.write(file, whole);
    }
    BundleReader.read(temporary.resolve("damaged"));
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    write("missing");
    for (String name : names("missing")) {
      Path file = temporary.resolve("missing").resolve(name);
      byte[] whole = Files.readAllBytes(file);
      Files.delete(file);
      BadInputException e =
          assertThrows(
              BadInputException.class, () -> BundleReader.read(temporary.resolve("missing")));
      assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
      Files.write(file, whole);
    }
  }

  @Test
  void whatIsWrongInTheDescriptionIsNamedEvenWhereTheSumsAreRight() throws IOException {
    Map<String, String> wrong =
        Map.of(
            "\"version\": 1", "\"version\": 2",
            "\"height\": 28", "\"height\": 27",
            "\"class 3\"", "\"class 4\"",
            "\"file\": \"run-fp32.onnx\"", "\"file\": \"../run-fp32.onnx\"",
            "\"file\": \"sample1.png\"", "\"file\": \"sample9.png\"",
            "\"sha256\": \"", "\"sha256\": \"0",
            "\"accuracy\": 0.875", "\"accuracy\": 87.5");
    for (Map.Entry<String, String> change : wrong.entrySet()) {
      write("wrong");
      Path folder = temporary.resolve("wrong");
      String json = Files.readString(folder.resolve("model.json"));
      assertTrue(json.contains(change.getKey()), change.getKey());
      byte[] changed = json.replace(change.getKey(), change.getValue()).getBytes();
      String sums = Files.readString(folder.resolve("SHA256SUMS"));
      Files.write(folder.resolve("model.json"), changed);
      Files.writeString(
          folder.resolve("SHA256SUMS"),
          sums.replaceAll("[0-9a-f]{64}  model.json", Checksums.of(changed) + "  model.json"));
      assertThrows(BadInputException.class, () -> BundleReader.read(folder), change.getValue());
    }
  }

  @Test
  void whereNothingPassedThereIsNoBundle() {
    List<ExportCheck> failed = checks.stream().filter(check -> !check.passed()).toList();
    assertEquals(1, failed.size());
    Path folder = temporary.resolve("none");
    assertEquals(Optional.empty(), write(folder, failed, TEST));
    assertFalse(Files.exists(folder));
  }

  @Test
  void fewerClassesOrImagesGiveWhatThereIs() {
    Bundle two = write(temporary.resolve("two"), checks, TEST.subset(0, 2)).orElseThrow();
    assertEquals(2, two.samples().size());
    int[] one = TEST.indicesOf(TEST.label(0));
    Bundle same = write(temporary.resolve("one"), checks, TEST.subset(one)).orElseThrow();
    assertEquals(Math.min(3, one.length), same.samples().size());
  }

  private static Bundle write(String name) {
    return write(temporary.resolve(name), checks, TEST).orElseThrow();
  }

  private static Optional<Bundle> write(
      Path folder, List<ExportCheck> which, LabelledImages images) {
    return BundleWriter.write(folder, exports, "run", "Waves", GRAPH.task(), which, images);
  }

  private static Set<String> names(String folder) throws IOException {
    try (Stream<Path> files = Files.list(temporary.resolve(folder))) {
      return new TreeSet<>(files.map(file -> file.getFileName().toString()).toList());
    }
  }

  private static int largest(float[] values) {
    int best = 0;
    for (int c = 1; c < values.length; c++) {
      best = values[c] > values[best] ? c : best;
    }
    return best;
  }
}

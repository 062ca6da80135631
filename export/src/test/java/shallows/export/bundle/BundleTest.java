package shallows.export.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.LabelledImages;
import shallows.data.decode.ImageDecoder;
import shallows.export.ExportFormat;
import shallows.export.ExportManifest;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.export.ExportedFile;
import shallows.export.NetworkForm;
import shallows.export.ShakenNetworks;
import shallows.export.TestExport;
import shallows.export.TestImages;
import shallows.export.runtime.ModelTask;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.verify.Verification;
import shallows.model.file.Sha256;
import shallows.model.graph.Graph;
import shallows.model.graph.Normalization;
import shallows.model.graph.Shape;
import shallows.model.json.JsonEdits;

class BundleTest {
  private static final Graph GRAPH =
      TestImages.centred(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28)));
  private static final LabelledImages TEST = TestImages.labelledBy(GRAPH, 60);

  @TempDir private static Path temporary;
  private static Path exports;
  private static ExportManifest manifest;
  private static Verification found;

  @BeforeAll
  static void exports() {
    exports = temporary.resolve("export");
    manifest =
        TestExport.of(
            GRAPH,
            Optional.of(GRAPH),
            "run",
            exports,
            ExportSettings.of(EnumSet.allOf(ExportFormat.class), EnumSet.of(ExportPrecision.FP32)),
            () -> fail("asked for images"));
    found = found(file -> !file.file().equals("run-full-fp32.onnx"));
  }

  private static Verification found(Predicate<ExportedFile> passed) {
    return new Verification(
        new Verification.Images("Waves", TEST.size()),
        1,
        0.875,
        new Verification.Ensemble(1, 0.875),
        null,
        new Verification.LatencySettings(1, 1, 1),
        manifest.files().stream().map(file -> TestExport.check(file, passed.test(file))).toList(),
        Map.of(),
        null,
        List.of());
  }

  @Test
  void holdsWhatPassedAndNothingElse() throws IOException {
    Bundle bundle = write("whole");
    Set<String> expected =
        new TreeSet<>(
            Set.of(
                "model.json",
                "README.md",
                "labels.txt",
                "SHA256SUMS",
                "run-full-fp32.tflite",
                "run-fp32.onnx",
                "run-fp32.tflite",
                "sample1.png",
                "sample2.png",
                "sample3.png",
                "sample4.png",
                "sample5.png",
                "sample6.png",
                "sample7.png",
                "sample8.png",
                "sample9.png"));
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
    assertEquals(Set.of("file", "label", "sha256", "logits"), sample.keySet());
  }

  @Test
  void theSamplesGiveTheirLogitsInEachFileAgain() {
    Bundle bundle = write("samples");
    Path folder = temporary.resolve("samples");
    for (Bundle.Sample sample : bundle.samples()) {
      byte[] pixels = ImageDecoder.decode(folder.resolve(sample.file())).bytes();
      LabelledImages image =
          new LabelledImages(
              "one", GRAPH.task().labels(), 1, 28, 28, pixels, new int[] {sample.label()});
      Normalization normalization =
          new Normalization(bundle.input().mean(), bundle.input().deviation());
      for (Bundle.Model model : bundle.models()) {
        try (RuntimeClassifier runtime = RuntimeClassifier.open(folder.resolve(model.file()), 1)) {
          float[] found = runtime.logits(image.normalized(0, 1, normalization), 1)[0];
          float[] expected = new float[found.length];
          for (int c = 0; c < expected.length; c++) {
            expected[c] = sample.logits().get(model.file()).get(c);
          }
          // The same file and runtime, alone instead of in a batch.
          assertArrayEquals(expected, found, 1e-4f, model.file());
        }
      }
    }
    assertEquals(SampleChoice.SAMPLES, bundle.samples().size());
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
  void everyFileIsAsItsSumSays() throws IOException {
    write("sums");
    Path folder = temporary.resolve("sums");
    Set<String> listed = new TreeSet<>();
    for (String line : Files.readAllLines(folder.resolve("SHA256SUMS"))) {
      String name = line.substring(66);
      assertEquals(line.substring(0, 64), Sha256.of(folder.resolve(name)), name);
      listed.add(name);
    }
    listed.add("SHA256SUMS");
    assertEquals(names("sums"), listed);
  }

  @Test
  void aFileSaysInTheBundleHowAccurateItIsAndInTheExportThatItWasNotMeasured() {
    write("stamped");
    for (ExportFormat format : ExportFormat.values()) {
      String name = "run-fp32." + format.label();
      assertEquals(
          Optional.of("0.8750 on the 60 test images of Waves, in a runtime"),
          ModelTask.statedAccuracy(temporary.resolve("stamped").resolve(name)));
      assertEquals(Optional.of("not measured"), ModelTask.statedAccuracy(exports.resolve(name)));
    }
  }

  @Test
  void aThousandEditsOfTheDescriptionGiveAValueOrOneLine() throws IOException {
    write("edited");
    JsonEdits.assertValueOrOneLine(
        Bundle.FORMAT, Files.readString(temporary.resolve("edited").resolve(Bundle.FILE)));
  }

  @Test
  void whereNothingPassedThereIsNoBundle() {
    Path folder = temporary.resolve("none");
    assertEquals(Optional.empty(), write(folder, found(file -> false), TEST));
    assertFalse(Files.exists(folder));
  }

  @Test
  void fewerClassesOrImagesGiveWhatThereIs() {
    Bundle two = write(temporary.resolve("two"), found, TEST.subset(0, 2)).orElseThrow();
    assertEquals(2, two.samples().size());
    int[] one = TEST.indicesOf(TEST.label(0));
    Bundle same = write(temporary.resolve("one"), found, TEST.subset(one)).orElseThrow();
    assertEquals(Math.min(SampleChoice.SAMPLES, one.length), same.samples().size());
  }

  private static Bundle write(String name) {
    return write(temporary.resolve(name), found, TEST).orElseThrow();
  }

  private static Optional<Bundle> write(Path folder, Verification which, LabelledImages images) {
    return BundleWriter.write(
        folder,
        exports,
        manifest,
        which,
        new BundleWriter.Subject("run", "Waves", Optional.of("waves by nobody")),
        GRAPH.task(),
        images);
  }

  private static Set<String> names(String folder) throws IOException {
    try (Stream<Path> files = Files.list(temporary.resolve(folder))) {
      return new TreeSet<>(files.map(file -> file.getFileName().toString()).toList());
    }
  }
}

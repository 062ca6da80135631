package shallows.export.web;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.export.BinaryNetworks;
import shallows.export.ExportFormat;
import shallows.export.ExportManifest;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.export.ShakenNetworks;
import shallows.export.TestExport;
import shallows.export.TestImages;
import shallows.export.bundle.BundleWriter;
import shallows.export.quantize.calibrate.CalibrationImages;
import shallows.export.verify.Verification;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;

/** The bundle of a small family in every precision, and what pages are made of it with. */
final class TestPage {
  /** Another helper of the tests brings it, for other readers of ONNX files. */
  private static final Path PACKAGE =
      Path.of("src/test/readers/node_modules/onnxruntime-web").toAbsolutePath();

  static final String NAME = "small & <b>bold</b>";

  /** What files are called by: people call their runs as they like. */
  static final String RUN = "it's a (small) run, 100 %";

  private static final int IMAGES = 60;
  private static final int EVERY = 7;

  private TestPage() {}

  /** Where the package is not installed, the test is skipped. */
  static WebRuntime runtimeOrSkip() {
    assumeTrue(Files.isDirectory(PACKAGE), "no onnxruntime-web");
    return WebRuntime.ofPackage(PACKAGE);
  }

  /** Writes one of so many channels, with every seventh image under a label that is wrong. */
  static void bundle(Path folder, int channels) {
    Graph full =
        TestImages.centred(ShakenNetworks.create("resnet-8-s2", Shape.of(channels, 28, 28)));
    LabelledImages right = TestImages.labelledBy(full, IMAGES);
    int[] labels =
        IntStream.range(0, IMAGES)
            .map(i -> i % EVERY == 0 ? (right.label(i) + 1) % full.classes() : right.label(i))
            .toArray();
    LabelledImages images =
        new LabelledImages("waves", full.task().labels(), channels, 28, 28, all(right), labels);
    Path exports = folder.resolveSibling(folder.getFileName() + "-exports");
    ExportManifest manifest =
        TestExport.of(
            full,
            Optional.of(BinaryNetworks.of(full)),
            RUN,
            exports,
            ExportSettings.of(
                EnumSet.of(ExportFormat.ONNX),
                Arrays.stream(ExportPrecision.values())
                    .filter(precision -> precision.existsAs(ExportFormat.ONNX))
                    .toList()),
            () -> CalibrationImages.of(0, images, images));
    BundleWriter.write(
        folder,
        exports,
        manifest,
        passed(manifest),
        new BundleWriter.Subject(NAME, "waves", Optional.empty()),
        full.task(),
        images);
  }

  private static byte[] all(LabelledImages images) {
    byte[] pixels = new byte[images.size() * images.imageBytes()];
    for (int i = 0; i < images.size(); i++) {
      System.arraycopy(images.image(i), 0, pixels, i * images.imageBytes(), images.imageBytes());
    }
    return pixels;
  }

  private static Verification passed(ExportManifest manifest) {
    return new Verification(
        new Verification.Images("waves", IMAGES),
        1,
        0.875,
        new Verification.Ensemble(1, 0.875),
        null,
        new Verification.LatencySettings(1, 1, 1),
        manifest.files().stream().map(file -> TestExport.check(file, true)).toList(),
        Map.of(),
        null,
        List.of());
  }

  /** One without a runtime, whose modules can be used one by one. */
  static WebPage ofModules(Path bundle, Path folder) {
    return WebPage.write(bundle, new WebRuntime(new java.util.TreeMap<>()), folder);
  }

  /** The bundle of a real run, where one was named for the tests; else that of a small family. */
  static Path bundleOr(Path folder) {
    String real = System.getProperty("bundle", "none");
    if (!real.equals("none")) {
      return Path.of(real);
    }
    bundle(folder, 1);
    return folder;
  }
}

package shallows.export.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.LabelledImages;
import shallows.data.evaluation.AccuracyLoss;
import shallows.export.BinaryNetworks;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.export.ExportedFile;
import shallows.export.ShakenNetworks;
import shallows.export.TestExport;
import shallows.export.TestImages;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.calibrate.Calibrated;
import shallows.export.quantize.calibrate.CalibrationImages;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.progress.Progress;

class Int8VerificationTest {
  /** A shallow one: random weights spread rounding errors from layer to layer, trained do not. */
  private static final Graph FULL =
      TestImages.centred(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28)));

  private static final LabelledImages IMAGES = TestImages.labelledBy(FULL, 80);
  private static final double ANY_DROP = 100;
  private static final VerifierOptions QUICK = new VerifierOptions(ANY_DROP, 2, 0, 1, 1, 1, 3, 40);

  @TempDir Path folder;

  @Test
  void integersAreComparedWithTheirSimulation() {
    Optional<Graph> pruned = Optional.of(BinaryNetworks.of(FULL));
    List<ExportedFile> files = export(pruned);
    Verification verification = verify(QUICK, pruned, files);
    assertEquals(7, verification.files().size());
    List<Boolean> corrected = files.stream().map(ExportedFile::biasesCorrected).toList();
    assertTrue(corrected.contains(true));
    assertEquals(
        corrected,
        verification.files().stream()
            .map(check -> check.reason().contains(", biases corrected"))
            .toList());
    for (FileCheck check : verification.files()) {
      assertTrue(check.passed(), check.file() + ": " + check.reason());
      assertTrue(check.reason().contains(" from simulated quantization"), check.reason());
      assertTrue(check.maxAbsDifference() > 0, "of the graph of floats it differs");
    }
  }

  @Test
  void integersMayNotCostMoreAccuracyThanAskedFor() {
    List<ExportedFile> files = export(Optional.empty());
    LabelledImages others = IMAGES.subset(0, 20);
    Verification strict =
        new Verifier(QUICK.withMaxDrop(0), others, Progress.SILENT)
            .verify(Optional.empty(), TestNetworks.of(FULL, Optional.empty()), folder, files);
    for (FileCheck check : strict.files()) {
      assertEquals(
          strict.loss(check).isSurelyBeyond(0, AccuracyLoss.QUANTILE),
          !check.passed(),
          check.reason());
    }
  }

  @Test
  void aFileOfOtherWeightsFails() {
    List<ExportedFile> files = export(Optional.empty());
    Graph folded = ExportPasses.all(FULL);
    String weight = folded.nodes().get(0).inputs().get(1);
    float[] changed = folded.parameter(weight).values().clone();
    changed[4] = -changed[4];
    Tensor turned = new Tensor(folded.parameter(weight).shape(), changed);
    TfliteWriter.write(
        Calibrated.read(
            files.get(1).scalesIn(folder).orElseThrow(),
            folded.withParameters(Map.of(weight, turned))),
        TfliteOptions.STANDARD,
        files.get(1).in(folder));
    Verification verification = verify(QUICK, Optional.empty(), files);
    assertTrue(verification.files().get(0).passed(), verification.files().get(0).reason());
    assertFalse(verification.files().get(1).passed());
    assertTrue(verification.files().get(1).reason().startsWith("outputs differ by "));
  }

  @Test
  void aFileWithoutItsScalesFails() throws Exception {
    List<ExportedFile> files = export(Optional.empty());
    Files.delete(files.get(0).scalesIn(folder).orElseThrow());
    FileCheck check = verify(QUICK, Optional.empty(), files).files().get(0);
    assertFalse(check.passed());
    assertTrue(check.reason().contains("expected the scales"), check.reason());
  }

  private List<ExportedFile> export(Optional<Graph> pruned) {
    return TestExport.of(
            FULL,
            pruned,
            "run",
            folder,
            ExportSettings.of(
                EnumSet.allOf(ExportFormat.class),
                EnumSet.of(
                    ExportPrecision.INT8, ExportPrecision.BINARY_FAST, ExportPrecision.MIXED)),
            () -> CalibrationImages.of(0, IMAGES, IMAGES))
        .files();
  }

  private Verification verify(
      VerifierOptions options, Optional<Graph> pruned, List<ExportedFile> files) {
    return new Verifier(options, IMAGES, Progress.SILENT)
        .verify(Optional.empty(), TestNetworks.of(FULL, pruned), folder, files);
  }
}

package shallows.export.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.LabelledImages;
import shallows.export.BinaryNetworks;
import shallows.export.ExportFormat;
import shallows.export.ExportManifest;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.export.ExportedFile;
import shallows.export.Exporter;
import shallows.export.Int8Bound;
import shallows.export.Int8Tuning;
import shallows.export.NetworkForm;
import shallows.export.ShakenNetworks;
import shallows.export.TestImages;
import shallows.export.quantize.calibrate.CalibrationImages;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.progress.Progress;

/** Files of integers whose weights were fine-tuned for them. */
class TunedVerificationTest {
  private static final Graph FULL =
      TestImages.centred(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28)));
  private static final Graph PRUNED = BinaryNetworks.of(FULL);
  private static final LabelledImages IMAGES = TestImages.labelledBy(FULL, 80);
  private static final VerifierOptions QUICK = new VerifierOptions(100, 2, 0, 1, 1, 1, 3, 40);

  /** Of the biases: enough for other answers, too little to leave the levels that were found. */
  private static final float MOVED = 0.05f;

  private static final Int8Tuning MOVES_BIASES =
      (name, floats, calibrated, folder) -> Optional.of(moved(calibrated.graph().graph()));

  @TempDir private Path folder;

  @Test
  void thePrunedNetworksIntegersAreThoseOfTheTunedOne() throws IOException {
    List<ExportedFile> plain = export(folder.resolve("plain"), Int8Tuning.NONE);
    List<ExportedFile> tuned = export(folder.resolve("tuned"), MOVES_BIASES);
    for (int i = 0; i < plain.size(); i++) {
      ExportedFile file = tuned.get(i);
      boolean differs = file.network() == NetworkForm.PRUNED && file.precision().isInteger();
      byte[] before = Files.readAllBytes(plain.get(i).in(folder.resolve("plain")));
      byte[] after = Files.readAllBytes(file.in(folder.resolve("tuned")));
      assertEquals(differs, !Arrays.equals(before, after), file.file());
      assertEquals(differs, file.tuned() != null);
    }
    Path kept = folder.resolve("tuned/qat/run/model.onnx");
    assertEquals(Optional.of(kept), last(tuned).tunedIn(folder.resolve("tuned")));
    Graph read = OnnxReader.read(kept);
    String bias = read.node(read.output()).inputs().get(2);
    assertFalse(
        Arrays.equals(
            read.parameter(bias).values(),
            PRUNED.parameter(PRUNED.node(PRUNED.output()).inputs().get(2)).values()));
  }

  @Test
  void theyAreVerifiedAgainstItAndFailWithoutIt() throws IOException {
    List<ExportedFile> files = export(folder, MOVES_BIASES);
    for (FileCheck check : verify(files)) {
      assertTrue(check.passed(), check.file() + ": " + check.reason());
    }
    Files.delete(last(files).tunedIn(folder).orElseThrow());
    for (FileCheck check : verify(files)) {
      boolean orphaned = new ExportManifest(files).file(check.file()).orElseThrow().tuned() != null;
      assertEquals(!orphaned, check.passed(), check.file() + ": " + check.reason());
    }
    assertFalse(verify(files).isEmpty());
  }

  private static ExportedFile last(List<ExportedFile> files) {
    return files.get(files.size() - 1);
  }

  private List<ExportedFile> export(Path into, Int8Tuning tuning) {
    return new Exporter(
            "run",
            into,
            ExportSettings.of(
                EnumSet.allOf(ExportFormat.class),
                EnumSet.of(ExportPrecision.FP32, ExportPrecision.INT8, ExportPrecision.MIXED)),
            () -> CalibrationImages.of(0, IMAGES, IMAGES),
            tuning,
            Int8Bound.NONE)
        .export(TestNetworks.of(FULL, Optional.of(PRUNED)))
        .files();
  }

  private List<FileCheck> verify(List<ExportedFile> files) {
    return new Verifier(QUICK, IMAGES, Progress.SILENT)
        .verify(Optional.empty(), TestNetworks.of(FULL, Optional.of(PRUNED)), folder, files)
        .files();
  }

  private static Graph moved(Graph graph) {
    Map<String, Tensor> changed = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (node.operation() instanceof Operation.Linear) {
        String name = node.inputs().get(2);
        float[] values = graph.parameter(name).values().clone();
        for (int i = 0; i < values.length; i++) {
          values[i] += i % 2 == 0 ? MOVED : -MOVED;
        }
        changed.put(name, Tensor.vector(values));
      }
    }
    return graph.withParameters(changed);
  }
}

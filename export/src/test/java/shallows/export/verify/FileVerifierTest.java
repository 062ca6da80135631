package shallows.export.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.LabelledImages;
import shallows.export.BinaryNetworks;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.export.ExportedFile;
import shallows.export.ShakenNetworks;
import shallows.export.TestExport;
import shallows.export.TestImages;
import shallows.export.onnx.BinaryOnnxWriter;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.calibrate.CalibrationImages;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;

class FileVerifierTest {
  private static final Graph GRAPH =
      TestImages.centred(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28)));
  private static final LabelledImages TEST = TestImages.labelledBy(GRAPH, 40);
  private static final VerifierOptions QUICK = new VerifierOptions(1, 1, 0, 1, 1, 1, 5, 10);

  @TempDir Path folder;

  @Test
  void aFileAndTheGraphItCameFromAgree() {
    Path file = folder.resolve("a.tflite");
    TfliteWriter.write(ExportPasses.all(GRAPH), TfliteOptions.STANDARD, file);
    FileVerification found = verifier(TEST).verify(file, Optional.of(onnx(GRAPH, "a.onnx")));
    assertEquals(1, found.accuracy());
    assertEquals(40, found.images());
    assertEquals(file.toFile().length(), found.bytes());
    assertTrue(found.runtime().startsWith("TFLite "));
    assertTrue(found.latencyMs().median() > 0);
    if (Files.exists(Path.of("/proc/self/status"))) {
      long memory = found.peakMemoryBytes().orElseThrow();
      assertTrue(memory > found.bytes() && memory < 1L << 30, memory + " bytes");
    }
    FileVerification.Comparison comparison = found.comparison().orElseThrow();
    assertEquals(1, comparison.agreement());
    assertTrue(comparison.maxAbsDifference() <= 1e-4 * comparison.range());
    // The square of the difference of the logits, in the order of magnitude.
    assertTrue(comparison.klDivergence() < 1e-6, "" + comparison.klDivergence());
  }

  @Test
  void anotherNetworkIsSeenToDiffer() {
    Path file = onnx(changed(GRAPH, GRAPH.nodes().get(0).name(), 3f), "other.onnx");
    FileVerification found = verifier(TEST).verify(file, Optional.of(onnx(GRAPH, "a.onnx")));
    FileVerification.Comparison comparison = found.comparison().orElseThrow();
    assertEquals(1, comparison.accuracy());
    assertEquals(found.accuracy(), comparison.agreement(), "labels are the reference's answers");
    assertTrue(comparison.klDivergence() > 1e-3);
    assertEquals(Optional.empty(), verifier(TEST).verify(file, Optional.empty()).comparison());
  }

  @Test
  void aFileForOtherImagesOrClassesIsNamed() {
    Path file = onnx(ShakenNetworks.create("resnet-8-s2", Shape.of(3, 28, 28)), "colour.onnx");
    String line =
        assertThrows(BadInputException.class, () -> verifier(TEST).verify(file, Optional.empty()))
            .getMessage();
    assertTrue(line.startsWith(file + ": expected a model of images (1, 28, 28)"), line);
    assertThrows(
        BadInputException.class,
        () -> verifier(TEST).verify(onnx(GRAPH, "a.onnx"), Optional.of(file)));
  }

  @Test
  void noLayerDepartsInAFileAsItWasWritten() {
    Path unfolded = onnx(GRAPH, "unfolded.onnx");
    Path folded = onnx(ExportPasses.all(GRAPH), "folded.onnx");
    for (Path file : List.of(unfolded, folded)) {
      for (Optional<Path> reference : List.of(Optional.<Path>empty(), Optional.of(unfolded))) {
        List<LayerDifference> layers = layers(file, reference);
        assertTrue(layers.stream().noneMatch(LayerDifference::departs), layers.toString());
        assertEquals(GRAPH.output(), layers.get(layers.size() - 1).value());
        assertTrue(layers.size() > 10, layers.toString());
      }
    }
  }

  @Test
  void theFirstLayerToDepartIsTheOneThatWasChanged() {
    Graph folded = ExportPasses.all(GRAPH);
    String name = GRAPH.blocks().get(1).name() + "/2/conv";
    Path file = onnx(changed(folded, name, 1.01f), "changed.onnx");
    for (Path reference : List.of(onnx(GRAPH, "unfolded.onnx"), onnx(folded, "folded.onnx"))) {
      String first =
          layers(file, Optional.of(reference)).stream()
              .filter(LayerDifference::departs)
              .findFirst()
              .orElseThrow()
              .value();
      assertEquals(name, first);
    }
    assertTrue(
        layers(file, Optional.empty()).stream().noneMatch(LayerDifference::departs),
        "beside itself it is right");
  }

  @Test
  void packedWeightsAreComparedWithAReferenceOnly() {
    Graph binary = BinaryNetworks.of(ExportPasses.all(GRAPH));
    Path packed = folder.resolve("packed.onnx");
    BinaryOnnxWriter.write(binary, packed);
    List<LayerDifference> layers = layers(packed, Optional.of(onnx(binary, "floats.onnx")));
    assertTrue(layers.stream().noneMatch(LayerDifference::departs), layers.toString());
    String line =
        assertThrows(BadInputException.class, () -> layers(packed, Optional.empty())).getMessage();
    assertTrue(line.contains("as reference"), line);
  }

  @Test
  void noLayerOfATfliteFileDeparts() {
    Path file = folder.resolve("a.tflite");
    TfliteWriter.write(ExportPasses.all(GRAPH), TfliteOptions.STANDARD, file);
    List<LayerDifference> layers = layers(file, Optional.of(onnx(GRAPH, "a.onnx")));
    assertTrue(layers.stream().noneMatch(LayerDifference::departs), layers.toString());
    assertEquals(GRAPH.output(), layers.get(layers.size() - 1).value());
    assertEquals("FULLY_CONNECTED", layers.get(layers.size() - 1).operation());
    assertTrue(layers.size() > 10, layers.toString());
  }

  @Test
  void theLayerOfATfliteFileThatWasChangedIsTheOneThatDeparts() {
    String name = GRAPH.blocks().get(1).name() + "/2/conv";
    Path file = folder.resolve("changed.tflite");
    TfliteWriter.write(changed(ExportPasses.all(GRAPH), name, 1.01f), TfliteOptions.STANDARD, file);
    List<LayerDifference> departed =
        layers(file, Optional.of(onnx(GRAPH, "a.onnx"))).stream()
            .filter(LayerDifference::departs)
            .toList();
    assertEquals(List.of(name), departed.stream().map(LayerDifference::value).toList());
  }

  @Test
  void layersOfIntegersAreHeldToOneStep() {
    Graph folded = ExportPasses.all(GRAPH);
    String name = GRAPH.blocks().get(1).name() + "/2/conv";
    ExportSettings options =
        ExportSettings.of(
            EnumSet.allOf(ExportFormat.class), Set.of(ExportPrecision.INT8, ExportPrecision.MIXED));
    Graph binary = BinaryNetworks.of(folded);
    CalibrationImages calibration = CalibrationImages.of(0, TEST, TEST);
    Path reference = onnx(binary, "a.onnx");
    for (ExportedFile file :
        TestExport.of(binary, Optional.empty(), "a", folder, options, () -> calibration).files()) {
      List<LayerDifference> layers = layers(file.in(folder), Optional.of(reference));
      assertTrue(layers.stream().noneMatch(LayerDifference::departs), file + " " + layers);
      assertTrue(layers.stream().filter(layer -> layer.step() > 0).count() > 10, "" + layers);
    }
    // The files of a network that differs in one layer, beside the scales of the first.
    Path scales = folder.resolve("a-full-int8.json");
    for (ExportedFile file :
        TestExport.of(
                changed(binary, name, 1.5f),
                Optional.empty(),
                "b",
                folder,
                options,
                () -> calibration)
            .files()) {
      copy(scales, file.scalesIn(folder).orElseThrow());
      List<LayerDifference> layers = layers(file.in(folder), Optional.of(reference));
      assertTrue(layers.stream().anyMatch(LayerDifference::departs), file + " " + layers);
    }
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<LayerDifference> layers(Path file, Optional<Path> reference) {
    return LayerComparison.of(file, reference, TEST.subset(0, 3), GRAPH.task());
  }

  private static FileVerifier verifier(LabelledImages images) {
    return new FileVerifier(
        QUICK, List.of(images), GRAPH.task(), Optional.empty(), Progress.SILENT);
  }

  private Path onnx(Graph graph, String name) {
    Path file = folder.resolve(name);
    OnnxWriter.write(graph, file);
    return file;
  }

  /** The graph with other weights in a convolution. */
  private static Graph changed(Graph graph, String convolution, float factor) {
    String weight = graph.node(convolution).inputs().get(1);
    float[] values = graph.parameter(weight).values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return graph.withParameters(
        Map.of(weight, new Tensor(graph.parameter(weight).shape(), values)));
  }
}

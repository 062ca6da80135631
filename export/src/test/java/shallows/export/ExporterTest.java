package shallows.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.LabelledImages;
import shallows.export.metadata.StatedAccuracy;
import shallows.export.onnx.QdqOnnxWriter;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.Int8Sums;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.WeightScales;
import shallows.export.quantize.WeightStorage;
import shallows.export.quantize.calibrate.Calibrated;
import shallows.export.quantize.calibrate.CalibrationImages;
import shallows.export.tflite.TfliteBatch;
import shallows.export.tflite.TfliteEdges;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.BadInputException;
import shallows.model.file.Sha256;
import shallows.model.graph.Graph;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;

class ExporterTest {
  private static final Graph FULL = ShakenNetworks.create("resnet-20-s2", Shape.of(1, 28, 28));

  private static final LabelledImages IMAGES = TestImages.labelledBy(FULL, 20);

  @TempDir Path folder;

  @Test
  void writesFullAndPrunedInEachFormat() {
    Graph pruned = Rewrites.drop(FULL, Set.of(FULL.blocks().get(1).name()));
    List<ExportedFile> files = export(FULL, Optional.of(pruned), EnumSet.of(ExportPrecision.FP32));
    assertEquals(
        List.of("run-full-fp32.onnx", "run-full-fp32.tflite", "run-fp32.onnx", "run-fp32.tflite"),
        names(files));
    assertEquals(files, ExportManifest.read(folder).files());
    assertTrue(size(files.get(2)) < size(files.get(0)));
    assertTrue(size(files.get(3)) < size(files.get(1)));
  }

  /** Nothing of what a file holds is read out of its name, so names may be as alike as these. */
  @Test
  void membersOfLikeNamesAreToldApart() {
    List<ExportedNetwork> networks = new ArrayList<>();
    networks.add(new ExportedNetwork(NetworkForm.FULL, null, FULL));
    for (String member : List.of("net", "net-s", "binary", "int8", "full-x")) {
      networks.add(new ExportedNetwork(NetworkForm.PRUNED, member, BinaryNetworks.of(FULL)));
    }
    new Exporter(
            "run",
            folder,
            ExportSettings.of(
                EnumSet.allOf(ExportFormat.class), EnumSet.allOf(ExportPrecision.class)),
            () -> CalibrationImages.of(0, IMAGES, IMAGES),
            Int8Tuning.NONE,
            Int8Bound.NONE)
        .export(networks);
    List<ExportedFile> files = ExportManifest.read(folder).files();
    // Of the full network four forms in two formats and one in ONNX alone; of each other one two
    // more in both, and one in TFLite alone.
    assertEquals(9 + 5 * 14, files.size());
    for (ExportedNetwork network : networks) {
      assertEquals(
          network.member() == null ? 9 : 14,
          files.stream().filter(file -> Objects.equals(file.member(), network.member())).count());
    }
    assertEquals("net-s", member(files, "run-net-s-int8.onnx"));
    assertEquals("binary", member(files, "run-binary-fp32.onnx"));
    assertEquals("net", member(files, "run-binary.onnx"));
    assertEquals(
        Optional.of("run-binary-int8.json"),
        ExportManifest.of(folder.resolve("run-binary-mixed.tflite")).map(ExportedFile::scales));
  }

  private static String member(List<ExportedFile> files, String name) {
    return new ExportManifest(files).file(name).orElseThrow().member();
  }

  @Test
  void writesTheFullNetworkAloneWhereNothingWasPruned() {
    assertEquals(
        List.of("run-full-fp32.onnx", "run-full-fp32.tflite"),
        names(export(FULL, Optional.empty(), EnumSet.of(ExportPrecision.FP32))));
  }

  @Test
  void binaryFilesAreOfNetworksWithBinaryConvolutionsOnly() {
    Optional<Graph> binary = Optional.of(BinaryNetworks.of(FULL));
    List<ExportedFile> files = export(FULL, binary, EnumSet.of(ExportPrecision.BINARY));
    assertEquals(List.of("run-binary.onnx", "run-binary.tflite"), names(files));
    assertFalse(Files.exists(folder.resolve("run-full-binary.onnx")));
  }

  @Test
  void int8FilesHaveTheirScalesBesideThem() {
    Optional<Graph> pruned = Optional.of(BinaryNetworks.of(FULL));
    List<ExportedFile> files = export(FULL, pruned, EnumSet.of(ExportPrecision.INT8));
    assertEquals(
        List.of("run-full-int8.onnx", "run-full-int8.tflite", "run-int8.onnx", "run-int8.tflite"),
        names(files));
    assertEquals(files, ExportManifest.read(folder).files());
    assertEquals("run-int8.json", files.get(2).scales());
    assertNull(export(FULL, pruned, EnumSet.of(ExportPrecision.FP32)).get(0).scales());
    files = export(FULL, pruned, EnumSet.of(ExportPrecision.INT8));
    QuantizedGraph read = Calibrated.read(scales(files.get(2)), asExported(pruned.get()));
    assertArrayEquals(QdqOnnxWriter.bytes(read), bytes(files.get(2)));
    assertArrayEquals(TfliteWriter.bytes(read, TfliteOptions.STANDARD), bytes(files.get(3)));
  }

  private static Graph asExported(Graph graph) {
    return StatedAccuracy.withoutMeasurement(ExportPasses.all(graph));
  }

  @Test
  void aNetworkWithBinaryWeightsHasMixedFilesByTheScalesOfInt8() {
    Optional<Graph> pruned = Optional.of(BinaryNetworks.of(FULL));
    List<ExportedFile> files =
        export(FULL, pruned, EnumSet.of(ExportPrecision.BINARY_FAST, ExportPrecision.MIXED));
    assertEquals(
        List.of("run-binary-fast.tflite", "run-mixed.onnx", "run-mixed.tflite"), names(files));
    assertEquals(files, ExportManifest.read(folder).files());
    assertEquals(
        Set.of("run-int8.json"),
        files.stream().map(ExportedFile::scales).collect(Collectors.toSet()));
    QuantizedGraph read = Calibrated.read(scales(files.get(0)), asExported(pruned.get()));
    assertArrayEquals(TfliteWriter.bytes(read, TfliteOptions.STANDARD), bytes(files.get(0)));
    assertArrayEquals(QdqOnnxWriter.packedBytes(read), bytes(files.get(1)));
    assertArrayEquals(TfliteWriter.bytes(read, TfliteOptions.PACKED), bytes(files.get(2)));
  }

  @Test
  void batchAndEdgesAreThoseAskedFor() {
    List<ExportedFile> files =
        TestExport.of(
                FULL,
                Optional.empty(),
                "run",
                folder,
                new ExportSettings(
                    List.of(ExportFormat.TFLITE),
                    List.of(ExportPrecision.INT8),
                    TfliteBatch.DYNAMIC,
                    TfliteEdges.INTEGERS,
                    Int8Sums.ADD,
                    WeightScales.PER_CHANNEL,
                    null),
                () -> CalibrationImages.of(0, IMAGES, IMAGES))
            .files();
    QuantizedGraph read = Calibrated.read(scales(files.get(0)), ExportPasses.all(FULL));
    TfliteOptions asked =
        new TfliteOptions(TfliteBatch.DYNAMIC, TfliteEdges.INTEGERS, WeightStorage.AS_COMPUTED);
    assertArrayEquals(TfliteWriter.bytes(read, asked), bytes(files.get(0)));
  }

  @Test
  void scalesOfAnotherNetworkAreRefused() {
    List<ExportedFile> files = export(FULL, Optional.empty(), EnumSet.of(ExportPrecision.INT8));
    Graph other = ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28));
    assertThrows(
        BadInputException.class,
        () -> Calibrated.read(scales(files.get(0)), ExportPasses.all(other)));
  }

  @Test
  void noImagesAreAskedForWithoutInt8() {
    TestExport.of(
        FULL,
        Optional.empty(),
        "run",
        folder,
        ExportSettings.of(EnumSet.allOf(ExportFormat.class), EnumSet.of(ExportPrecision.FP32)),
        () -> fail("asked for images"));
  }

  private List<ExportedFile> export(
      Graph full, Optional<Graph> pruned, Set<ExportPrecision> precisions) {
    return TestExport.of(
            full,
            pruned,
            "run",
            folder,
            ExportSettings.of(EnumSet.allOf(ExportFormat.class), precisions),
            () -> CalibrationImages.of(0, IMAGES, IMAGES))
        .files();
  }

  private static List<String> names(List<ExportedFile> files) {
    return files.stream().map(ExportedFile::file).toList();
  }

  private static long size(ExportedFile file) {
    return file.bytes();
  }

  private Path scales(ExportedFile file) {
    return file.scalesIn(folder).orElseThrow();
  }

  private byte[] bytes(ExportedFile file) {
    try {
      byte[] content = Files.readAllBytes(file.in(folder));
      assertEquals(file.sha256(), Sha256.of(content));
      assertEquals(file.bytes(), content.length);
      return content;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

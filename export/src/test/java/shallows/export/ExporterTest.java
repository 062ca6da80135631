package shallows.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.graph.Graph;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;

class ExporterTest {
  private static final Graph FULL = ShakenNetworks.create("resnet-20-s2", Shape.of(1, 28, 28));

  @TempDir Path folder;

  @Test
  void writesFullAndPrunedInEachFormat() {
    Graph pruned = Rewrites.drop(FULL, Set.of(FULL.blocks().get(1).name()));
    List<ExportedFile> files = export(FULL, Optional.of(pruned), EnumSet.of(ExportPrecision.FP32));
    assertEquals(
        List.of("run-full-fp32.onnx", "run-full-fp32.tflite", "run-fp32.onnx", "run-fp32.tflite"),
        names(files));
    assertEquals(files, ExportedFile.in(folder, "run"));
    assertTrue(size(files.get(2)) < size(files.get(0)));
    assertTrue(size(files.get(3)) < size(files.get(1)));
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

  private List<ExportedFile> export(
      Graph full, Optional<Graph> pruned, Set<ExportPrecision> precisions) {
    return Exporter.export(
        full, pruned, "run", folder, EnumSet.allOf(ExportFormat.class), precisions);
  }

  private static List<String> names(List<ExportedFile> files) {
    return files.stream().map(file -> file.path().getFileName().toString()).toList();
  }

  private static long size(ExportedFile file) {
    return file.path().toFile().length();
  }
}

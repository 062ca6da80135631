package shallows.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import shallows.export.binary.BinaryOnnxWriter;
import shallows.export.calibrate.Calibrated;
import shallows.export.calibrate.Calibration;
import shallows.export.calibrate.CalibrationImages;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.QdqOnnxWriter;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Graph;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.onnx.OnnxWriter;

/** Writes the files of a run, batch norm and survival scaling folded. */
public final class Exporter {
  private Exporter() {}

  /**
   * @param full as trained
   * @param pruned as pruned, where that was done
   * @param runName what the names of the files begin with
   * @param folder made if it is missing
   * @param calibration asked for only where {@link ExportPrecision#INT8} is written
   * @return the files written. {@link ExportPrecision#BINARY} is written only of a network that has
   *     binary convolutions: of others it would be the fp32 file again. Beside the int8 files their
   *     scales are written, by which they are verified
   * @throws shallows.model.BadInputException when a file cannot be written
   */
  public static List<ExportedFile> export(
      Graph full,
      Optional<Graph> pruned,
      String runName,
      Path folder,
      Set<ExportFormat> formats,
      Set<ExportPrecision> precisions,
      Supplier<CalibrationImages> calibration) {
    List<ExportedFile> files = new ArrayList<>();
    for (NetworkForm of : NetworkForm.values()) {
      Optional<Graph> graph = of == NetworkForm.FULL ? Optional.of(full) : pruned;
      if (graph.isPresent()) {
        Graph folded = ExportPasses.all(graph.get());
        for (ExportPrecision precision : ExportPrecision.values()) {
          if (precisions.contains(precision)
              && (precision != ExportPrecision.BINARY || hasBinaryConvolutions(folded))) {
            List<ExportedFile> written = new ArrayList<>();
            for (ExportFormat format : ExportFormat.values()) {
              if (formats.contains(format)) {
                written.add(ExportedFile.named(folder, runName, of, precision, format));
              }
            }
            write(folded, precision, written, calibration);
            files.addAll(written);
          }
        }
      }
    }
    return files;
  }

  private static void write(
      Graph folded,
      ExportPrecision precision,
      List<ExportedFile> files,
      Supplier<CalibrationImages> calibration) {
    switch (precision) {
      case FP32 -> files.forEach(file -> writeFloats(folded, file));
      case INT8 -> writeIntegers(folded, files, calibration.get());
      case BINARY -> files.forEach(file -> writePacked(folded, file));
    }
  }

  private static boolean hasBinaryConvolutions(Graph graph) {
    return graph.nodes().stream()
        .anyMatch(
            node ->
                node.operation() instanceof Operation.Conv2d conv
                    && conv.precision() == Precision.BINARY);
  }

  private static void writeFloats(Graph graph, ExportedFile file) {
    switch (file.format()) {
      case ONNX -> OnnxWriter.write(graph, file.path());
      case TFLITE -> TfliteWriter.write(graph, file.path());
    }
  }

  private static void writePacked(Graph graph, ExportedFile file) {
    switch (file.format()) {
      case ONNX -> BinaryOnnxWriter.write(graph, file.path());
      case TFLITE -> TfliteWriter.writePacked(graph, file.path());
    }
  }

  private static void writeIntegers(
      Graph graph, List<ExportedFile> files, CalibrationImages images) {
    Calibrated calibrated = Calibration.of(graph, images);
    for (ExportedFile file : files) {
      calibrated.write(file.scales());
      switch (file.format()) {
        case ONNX -> QdqOnnxWriter.write(calibrated.graph(), file.path());
        case TFLITE -> TfliteWriter.write(calibrated.graph(), file.path());
      }
    }
  }
}

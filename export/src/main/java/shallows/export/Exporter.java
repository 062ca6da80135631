package shallows.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import shallows.export.binary.BinaryOnnxWriter;
import shallows.export.calibrate.Calibrated;
import shallows.export.calibrate.Calibration;
import shallows.export.calibrate.CalibrationImages;
import shallows.export.metadata.StatedAccuracy;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.QdqOnnxWriter;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Graph;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.onnx.OnnxWriter;

/** Writes the files of a run, batch norm and survival scaling folded. */
public final class Exporter {
  private final String runName;
  private final Path folder;
  private final ExportOptions options;
  private final Supplier<CalibrationImages> calibration;

  private Exporter(
      String runName, Path folder, ExportOptions options, Supplier<CalibrationImages> calibration) {
    this.runName = runName;
    this.folder = folder;
    this.options = options;
    this.calibration = calibration;
  }

  /**
   * @param full as trained
   * @param pruned as pruned, where that was done
   * @param runName what the names of the files begin with
   * @param folder made if it is missing
   * @param calibration asked for only where a file of integers is written
   * @return the files written. Precisions that need binary convolutions are written only of a
   *     network that has some: of others they would be other files again. Beside the files of
   *     integers their scales are written, by which they are verified
   * @throws shallows.model.BadInputException when a file cannot be written
   */
  public static List<ExportedFile> export(
      Graph full,
      Optional<Graph> pruned,
      String runName,
      Path folder,
      ExportOptions options,
      Supplier<CalibrationImages> calibration) {
    Exporter exporter = new Exporter(runName, folder, options, calibration);
    List<ExportedFile> files = new ArrayList<>(exporter.write(full, NetworkForm.FULL));
    pruned.ifPresent(graph -> files.addAll(exporter.write(graph, NetworkForm.PRUNED)));
    return files;
  }

  /** The same for a pruned network alone. */
  public static List<ExportedFile> exportPruned(
      Graph pruned,
      String name,
      Path folder,
      ExportOptions options,
      Supplier<CalibrationImages> calibration) {
    return new Exporter(name, folder, options, calibration).write(pruned, NetworkForm.PRUNED);
  }

  private List<ExportedFile> write(Graph graph, NetworkForm of) {
    Graph folded = StatedAccuracy.withoutMeasurement(ExportPasses.all(graph));
    boolean binary = hasBinaryConvolutions(folded);
    List<ExportedFile> files = new ArrayList<>();
    for (ExportPrecision precision : ExportPrecision.values()) {
      for (ExportFormat format : ExportFormat.values()) {
        if (options.precisions().contains(precision)
            && options.formats().contains(format)
            && precision.existsAs(format)
            && (binary || !precision.needsBinaryWeights())) {
          files.add(ExportedFile.named(folder, runName, of, precision, format));
        }
      }
    }
    Optional<Calibrated> calibrated =
        files.stream().anyMatch(file -> file.precision().isInteger())
            ? Optional.of(Calibration.of(folded, calibration.get(), options.sums()))
            : Optional.empty();
    for (ExportedFile file : files) {
      if (file.precision().isInteger()) {
        calibrated.orElseThrow().write(file.scales());
        writeIntegers(calibrated.orElseThrow().graph(), file);
      } else {
        writeFloats(folded, file);
      }
    }
    return files;
  }

  private static boolean hasBinaryConvolutions(Graph graph) {
    return graph.nodes().stream()
        .anyMatch(
            node ->
                node.operation() instanceof Operation.Conv2d conv
                    && conv.precision() == Precision.BINARY);
  }

  private void writeFloats(Graph graph, ExportedFile file) {
    boolean packed = file.precision() == ExportPrecision.BINARY;
    if (file.format() == ExportFormat.TFLITE) {
      TfliteWriter.write(graph, tflite(packed), file.path());
    } else if (packed) {
      BinaryOnnxWriter.write(graph, file.path());
    } else {
      OnnxWriter.write(graph, file.path());
    }
  }

  private void writeIntegers(QuantizedGraph graph, ExportedFile file) {
    boolean packed = file.precision() == ExportPrecision.MIXED;
    if (file.format() == ExportFormat.TFLITE) {
      TfliteWriter.write(graph, tflite(packed), file.path());
    } else if (packed) {
      QdqOnnxWriter.writePacked(graph, file.path());
    } else {
      QdqOnnxWriter.write(graph, file.path());
    }
  }

  private TfliteOptions tflite(boolean packed) {
    return new TfliteOptions(options.batch(), options.edges(), packed);
  }
}

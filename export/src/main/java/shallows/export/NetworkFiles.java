package shallows.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shallows.export.binary.BinaryOnnxWriter;
import shallows.export.calibrate.Calibrated;
import shallows.export.metadata.StatedAccuracy;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.QdqOnnxWriter;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Graph;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.onnx.write.OnnxWriter;

/**
 * The files of one network, step by step: folded, calibrated where one of them needs it, written.
 *
 * @param folded batch norm and survival scaling folded, no accuracy stated
 * @param files those that there shall be, in the order of their precisions
 */
public record NetworkFiles(Graph folded, List<ExportedFile> files, ExportOptions options) {
  public NetworkFiles {
    files = List.copyOf(files);
  }

  /**
   * Folds a network. Precisions that need binary convolutions are there only for a network that has
   * some: of others they would be other files again.
   *
   * @param runName what the names of the files begin with
   */
  public static NetworkFiles of(
      Graph graph, NetworkForm of, String runName, Path folder, ExportOptions options) {
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
    return new NetworkFiles(folded, files, options);
  }

  private static boolean hasBinaryConvolutions(Graph graph) {
    return graph.nodes().stream()
        .anyMatch(
            node ->
                node.operation() instanceof Operation.Conv2d conv
                    && conv.precision() == Precision.BINARY);
  }

  /** Whether one of them is of integers. */
  public boolean needCalibration() {
    return files.stream().anyMatch(file -> file.precision().isInteger());
  }

  /**
   * Writes one of them, and its scales beside it where it has some.
   *
   * @param calibrated present where the file is of integers
   * @throws shallows.model.BadInputException when a file cannot be written
   */
  public void write(ExportedFile file, Optional<Calibrated> calibrated) {
    if (file.precision().isInteger()) {
      calibrated.orElseThrow().write(file.scales());
      writeIntegers(calibrated.orElseThrow().graph(), file);
    } else {
      writeFloats(file);
    }
  }

  private void writeFloats(ExportedFile file) {
    boolean packed = file.precision() == ExportPrecision.BINARY;
    if (file.format() == ExportFormat.TFLITE) {
      TfliteWriter.write(folded, tflite(packed), file.path());
    } else if (packed) {
      BinaryOnnxWriter.write(folded, file.path());
    } else {
      OnnxWriter.write(folded, file.path());
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

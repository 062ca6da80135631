package shallows.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shallows.export.metadata.StatedAccuracy;
import shallows.export.onnx.BinaryOnnxWriter;
import shallows.export.onnx.QdqOnnxWriter;
import shallows.export.onnx.RoundedOnnxWriter;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.WeightStorage;
import shallows.export.quantize.calibrate.Calibrated;
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
 * @param forms of files that there shall be, in the order of their precisions
 */
public record NetworkFiles(Graph folded, List<FileForm> forms, ExportSettings settings) {
  public NetworkFiles {
    forms = List.copyOf(forms);
  }

  /**
   * Folds a network. Precisions that need binary convolutions are there only for a network that has
   * some: of others they would be other files again.
   */
  public static NetworkFiles of(Graph graph, ExportSettings settings) {
    Graph folded = StatedAccuracy.withoutMeasurement(ExportPasses.all(graph));
    boolean binary = hasBinaryConvolutions(folded);
    List<FileForm> forms = new ArrayList<>();
    for (ExportPrecision precision : ExportPrecision.values()) {
      for (ExportFormat format : ExportFormat.values()) {
        if (settings.precisions().contains(precision)
            && settings.formats().contains(format)
            && precision.existsAs(format)
            && precision.existsWith(settings.weightScales())
            && (binary || !precision.needsBinaryWeights())) {
          forms.add(new FileForm(precision, format));
        }
      }
    }
    return new NetworkFiles(folded, forms, settings);
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
    return forms.stream().anyMatch(form -> form.precision().isInteger());
  }

  /** Whether the weights of a form are rounded so coarsely that it is worth learning how. */
  static boolean learnsRounding(FileForm form) {
    return form.precision().storage() == WeightStorage.NIBBLES;
  }

  /**
   * Writes one of them.
   *
   * @param calibrated present where the file is of integers
   * @param learned with other weights, which the file rounds to, where those were learned
   * @throws shallows.model.BadInputException when a file cannot be written
   */
  public void write(
      FileForm form, Optional<Calibrated> calibrated, Optional<Graph> learned, Path file) {
    if (form.precision().isInteger()) {
      writeIntegers(calibrated.orElseThrow().graph(), form, file);
    } else {
      writeFloats(learned.orElse(folded), form, file);
    }
  }

  private void writeFloats(Graph graph, FileForm form, Path file) {
    if (form.format() == ExportFormat.TFLITE) {
      TfliteWriter.write(graph, tflite(form), file);
      return;
    }
    WeightStorage storage = form.precision().storage();
    switch (storage) {
      case AS_COMPUTED -> OnnxWriter.write(graph, file);
      case BITS -> BinaryOnnxWriter.write(graph, file);
      case HALF, BYTES, NIBBLES -> RoundedOnnxWriter.write(graph, storage, file);
    }
  }

  private void writeIntegers(QuantizedGraph graph, FileForm form, Path file) {
    if (form.format() == ExportFormat.TFLITE) {
      TfliteWriter.write(graph, tflite(form), file);
    } else if (form.precision().storage() == WeightStorage.BITS) {
      QdqOnnxWriter.writePacked(graph, file);
    } else {
      QdqOnnxWriter.write(graph, file);
    }
  }

  private TfliteOptions tflite(FileForm form) {
    return new TfliteOptions(settings.batch(), settings.edges(), form.precision().storage());
  }
}

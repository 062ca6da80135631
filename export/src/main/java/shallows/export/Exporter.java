package shallows.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import shallows.export.binary.BinaryOnnxWriter;
import shallows.export.pass.ExportPasses;
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
   * @return the files written. {@link ExportPrecision#BINARY} is written only of a network that has
   *     binary convolutions: of others it would be the fp32 file again
   * @throws shallows.model.BadInputException when a file cannot be written
   */
  public static List<ExportedFile> export(
      Graph full,
      Optional<Graph> pruned,
      String runName,
      Path folder,
      Set<ExportFormat> formats,
      Set<ExportPrecision> precisions) {
    List<ExportedFile> files = new ArrayList<>();
    for (NetworkForm of : NetworkForm.values()) {
      Optional<Graph> graph = of == NetworkForm.FULL ? Optional.of(full) : pruned;
      if (graph.isPresent()) {
        Graph folded = ExportPasses.all(graph.get());
        for (ExportPrecision precision : ExportPrecision.values()) {
          for (ExportFormat format : ExportFormat.values()) {
            if (precisions.contains(precision)
                && formats.contains(format)
                && (precision == ExportPrecision.FP32 || hasBinaryConvolutions(folded))) {
              ExportedFile file = ExportedFile.named(folder, runName, of, precision, format);
              write(folded, file);
              files.add(file);
            }
          }
        }
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

  private static void write(Graph graph, ExportedFile file) {
    boolean packed = file.precision() == ExportPrecision.BINARY;
    if (file.format() == ExportFormat.ONNX) {
      if (packed) {
        BinaryOnnxWriter.write(graph, file.path());
      } else {
        OnnxWriter.write(graph, file.path());
      }
    } else if (packed) {
      TfliteWriter.writePacked(graph, file.path());
    } else {
      TfliteWriter.write(graph, file.path());
    }
  }
}

package shallows.export.verify;

import java.nio.file.Path;
import shallows.export.ExportedFile;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.calibrate.Calibrated;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.OnnxReader;

/** What files of integers have to compute, by what lies beside them. */
final class Int8Network {
  private Int8Network() {}

  /**
   * @param file of integers
   * @param folder of the export
   * @param graph that it was exported of, unfolded; where that was fine-tuned for it, what came of
   *     that is read instead
   * @throws shallows.model.BadInputException when there are no scales, or others
   */
  static QuantizedGraph read(ExportedFile file, Path folder, Graph graph) {
    Graph network = file.tunedIn(folder).map(OnnxReader::read).orElse(graph);
    return Calibrated.read(file.scalesIn(folder).orElseThrow(), ExportPasses.all(network));
  }
}

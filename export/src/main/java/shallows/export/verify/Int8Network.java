package shallows.export.verify;

import java.nio.file.Files;
import java.nio.file.Path;
import shallows.export.ExportedFile;
import shallows.export.calibrate.Calibrated;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.QuantizedGraph;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.OnnxReader;

/** What files of integers have to compute, by what lies beside them. */
final class Int8Network {
  private Int8Network() {}

  /** Whether it was fine-tuned to be rounded, so that its weights are its own. */
  static boolean isTuned(Path scales) {
    return Files.isRegularFile(ExportedFile.tuned(scales));
  }

  /**
   * @param scales of the files
   * @param graph that they were exported of, unfolded; where it was fine-tuned for them, what came
   *     of that is read instead
   * @throws shallows.model.BadInputException when there are no scales, or others
   */
  static QuantizedGraph read(Path scales, Graph graph) {
    Graph network = isTuned(scales) ? OnnxReader.read(ExportedFile.tuned(scales)) : graph;
    return Calibrated.read(scales, ExportPasses.all(network));
  }
}

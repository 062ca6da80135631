package shallows.pipeline.stage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;
import shallows.pipeline.folder.RunFolder;
import shallows.train.loop.Distillation;

/**
 * Somebody else's trained network that a training goes on from. What comes of it is compared with
 * this one to the end, not with what the training made of it.
 *
 * @param network as it came
 * @param distillation how much of its answers the training learns from
 */
public record OriginalNetwork(Graph network, Distillation.Options distillation) {

  /** The one of a run, if its training has gone on from one. */
  static Optional<Graph> of(RunFolder folder) {
    return Files.exists(folder.originalModel())
        ? Optional.of(OnnxReader.read(folder.originalModel()))
        : Optional.empty();
  }

  /**
   * @param trainFolder where the files of the training go
   */
  void write(RunFolder folder, Path trainFolder) {
    OnnxWriter.write(network, trainFolder.resolve(folder.originalModel().getFileName()));
  }
}

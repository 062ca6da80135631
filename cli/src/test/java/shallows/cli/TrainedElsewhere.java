package shallows.cli;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.sets.DataSets;
import shallows.export.pass.ExportPasses;
import shallows.model.graph.Graph;
import shallows.model.graph.Task;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;

/**
 * A network that somebody else trained, and images for it.
 *
 * @param network a file with batch norm folded, classes and normalization forgotten, as exporters
 *     leave a network
 * @param pictures a folder of forty pictures of each class
 * @param classes the names of its folders, in order
 */
record TrainedElsewhere(Path network, Path pictures, List<String> classes) {
  /** Two of three held-out images are right. */
  private static final Path STORED =
      Path.of("../prune/src/test/resources/shallows/prune/small-network.onnx");

  /**
   * @param folder for all of it
   */
  static TrainedElsewhere in(Path folder) throws IOException {
    Graph trained = ExportPasses.all(OnnxReader.read(STORED));
    List<String> classes = TestPictures.folderNames(trained.task().labels());
    Path theirs = folder.resolve("theirs.onnx");
    OnnxWriter.write(trained.withTask(Task.unnamed(10, 1)), theirs);
    forgetTask(theirs);
    DataSet data =
        DataSets.open(DataSets.FASHION_MNIST_MINI, DataOptions.ofSeed(1), Progress.SILENT);
    Path pictures = TestPictures.writeFolder(folder.resolve("pictures"), 40, data.train());
    return new TrainedElsewhere(theirs, pictures, classes);
  }

  /** Other people's files have no task of ours; the blocks stay. */
  static void forgetTask(Path file) throws IOException {
    var model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    for (int i = model.getMetadataPropsCount() - 1; i >= 0; i--) {
      if (model.getMetadataProps(i).getKey().equals("shallows.task")) {
        model.removeMetadataProps(i);
      }
    }
    Files.write(file, model.build().toByteArray());
  }
}

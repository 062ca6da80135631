package shallows.cli.command;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import shallows.data.sets.DataSets;
import shallows.model.BadInputException;
import shallows.pipeline.folder.TrainSettings;

/** What {@code verify} wants to know beside a model file. */
final class FileArguments {
  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "FILE: whose test images to measure on, as for train; given again, those of several sets of"
              + " the same classes.")
  List<String> data;

  @Option(
      names = "--reference",
      paramLabel = "MODEL",
      description = "FILE: another .onnx or .tflite file to compare it with.")
  Path reference;

  @Option(
      names = "--layers",
      description =
          "FILE: compares what is computed inside, and names the first operation that departs: each "
              + "with the plain interpreter on --reference, or on an .onnx file itself; of a "
              + "--reference that others converted, with the values that it has in common. Of int8 "
              + "files the scales beside them are taken into account.")
  boolean layers;

  @ArgGroup(exclusive = false)
  TaskArguments task = new TaskArguments();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "FILE: the seed of the training, which parts a folder that has no test images of its own. "
              + "Default: "
              + TrainSettings.SEED)
  Long seed;

  /**
   * @throws BadInputException when one was given that does nothing beside the images
   */
  long seed() {
    if (seed != null && DataSets.NAMES.containsAll(data)) {
      throw DeadOptions.of("--seed", "a folder of images as --data");
    }
    return seed == null ? TrainSettings.SEED : seed;
  }
}

package shallows.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import shallows.data.NormalizationPreset;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;
import shallows.model.file.Sha256;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.onnx.read.OnnxReader;
import shallows.pipeline.folder.ImportSettings;
import shallows.pipeline.folder.PruneSettings;

/** What a network that was brought along does not say of itself. */
final class ImportArguments {
  private static final String PRESETS =
      Arrays.stream(NormalizationPreset.values())
          .map(NormalizationPreset::label)
          .collect(Collectors.joining(", "));

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "A line for each output of the network with the name of its class folder; --data may then"
              + " hold some of the classes only. Default: what the file says, else the class"
              + " folders in the order of their names")
  private Path labels;

  @Option(
      names = "--normalization",
      paramLabel = "PRESET",
      description =
          "How pixels are scaled: imagenet, data (mean and deviation of the images),"
              + " minus-one-to-one, none (to [0, 1]), bytes (0 to 255), or auto: the one with the"
              + " best accuracy. Default: what the file says, else auto")
  private String normalization;

  @Option(
      names = "--mean",
      paramLabel = "X",
      split = ",",
      description = "For each channel, of pixels in [0, 1]: subtracted first. With --std.")
  private List<Float> mean;

  @Option(
      names = "--std",
      paramLabel = "X",
      split = ",",
      description = "For each channel, divided by after that. With --mean.")
  private List<Float> deviation;

  /**
   * @param file that holds the network
   * @param graph as it was read
   * @param heldOutShare of the training images
   * @param pruning what fine-tuning learns from the network, training on learns as well
   * @throws BadInputException when an option does not fit the network
   */
  ImportSettings settings(Path file, Graph graph, double heldOutShare, PruneSettings pruning) {
    Optional<Task> told = OnnxReader.task(file);
    Shape image = graph.input().shape();
    return new ImportSettings(
        file.toAbsolutePath().normalize().toString(),
        Sha256.of(file),
        image.dimension(0),
        image.dimension(1),
        image.dimension(2),
        graph.classes(),
        labels == null ? told.map(Task::labels).orElse(null) : readLabels(graph.classes()),
        normalization(told.isPresent(), image.dimension(0)),
        mean,
        deviation,
        heldOutShare,
        pruning.distill(),
        pruning.temperature());
  }

  private String normalization(boolean told, int channels) {
    if (mean == null && deviation == null) {
      if (normalization == null) {
        return told ? ImportSettings.OF_FILE : ImportSettings.AUTO;
      }
      if (normalization.equals(ImportSettings.AUTO)) {
        return normalization;
      }
      NormalizationPreset preset =
          Arrays.stream(NormalizationPreset.values())
              .filter(each -> each.label().equals(normalization))
              .findFirst()
              .orElseThrow(
                  () ->
                      new BadInputException(
                          "--normalization '"
                              + normalization
                              + "': expected auto, "
                              + PRESETS
                              + ", found another; or give --mean and --std"));
      requireChannels(preset, channels);
      return normalization;
    }
    if (normalization != null) {
      throw new BadInputException(
          "--normalization: expected it or --mean and --std, found both; leave one out");
    }
    requireEach("--mean", mean, channels);
    requireEach("--std", deviation, channels);
    if (deviation.stream().anyMatch(value -> !(value > 0))) {
      throw new BadInputException("--std: expected positive numbers, found " + deviation);
    }
    return ImportSettings.GIVEN;
  }

  private static void requireChannels(NormalizationPreset preset, int channels) {
    if (preset == NormalizationPreset.IMAGENET && channels != 3) {
      throw new BadInputException(
          "--normalization imagenet: expected a network for images of 3 channels, found one for "
              + channels
              + "; give another, or --mean and --std");
    }
  }

  private static void requireEach(String option, List<Float> values, int channels) {
    if (values == null
        || values.size() != channels
        || values.stream().anyMatch(value -> !Float.isFinite(value))) {
      throw new BadInputException(
          option
              + ": expected a number for each of the "
              + channels
              + " channels, found "
              + (values == null ? "none" : values)
              + "; for example --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225");
    }
  }

  private List<String> readLabels(int outputs) {
    List<String> lines;
    try {
      lines = Files.readString(labels).stripTrailing().lines().map(String::strip).toList();
    } catch (IOException e) {
      throw new BadInputException(
          "--labels "
              + labels
              + ": cannot be read as text ("
              + IoReason.of(e)
              + "); check the path",
          e);
    }
    if (lines.size() != outputs) {
      throw new BadInputException(
          "--labels "
              + labels
              + ": expected a line for each of the "
              + outputs
              + " outputs, found "
              + lines.size()
              + "; name those that --data has no folder for as you like");
    }
    if (new HashSet<>(lines).size() < outputs || lines.contains("")) {
      throw new BadInputException(
          "--labels " + labels + ": expected different names, found one twice or an empty line");
    }
    return lines;
  }
}

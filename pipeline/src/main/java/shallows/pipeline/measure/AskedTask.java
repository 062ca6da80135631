package shallows.pipeline.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import shallows.data.LabelledImages;
import shallows.data.NormalizationPreset;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.file.IoReason;
import shallows.model.file.RegularFile;
import shallows.model.graph.Normalization;
import shallows.model.graph.Task;
import shallows.pipeline.folder.ImportSettings;

/**
 * What a person says of a network where its file does not: how pixels are scaled, and which class
 * each output is.
 *
 * @param labels a file with a line for each output, the name of its class folder; empty for what
 *     the network's file says, else the class folders in the order of their names
 * @param normalization {@code auto} or the name of a preset; empty for what the file says, else
 *     auto
 * @param mean for each channel, of pixels in [0, 1]; null unless given, with the deviation
 * @param deviation for each channel, positive; null unless given
 */
public record AskedTask(
    Optional<Path> labels,
    Optional<String> normalization,
    List<Float> mean,
    List<Float> deviation) {
  /** Whatever the file says. */
  public static final AskedTask NOTHING =
      new AskedTask(Optional.empty(), Optional.empty(), null, null);

  private static final Phrase EXAMPLE =
      Phrase.of("for example %s 0.485,0.456,0.406 %s 0.229,0.224,0.225", Setting.MEAN, Setting.STD);

  /** Whether the scaling is left to the file. */
  public boolean isSilentOnScaling() {
    return normalization.isEmpty() && mean == null && deviation == null;
  }

  /**
   * How pixels are scaled, as {@link ImportSettings#normalization} has it.
   *
   * @param told whether the file says it
   * @param channels of the network's images
   * @throws BadInputException when what was asked for does not fit
   */
  public String scaling(boolean told, int channels) {
    if (mean == null && deviation == null) {
      String asked = normalization.orElse(told ? ImportSettings.OF_FILE : ImportSettings.AUTO);
      if (normalization.isPresent() && !asked.equals(ImportSettings.AUTO)) {
        requireChannels(preset(asked), channels);
      }
      return asked;
    }
    if (normalization.isPresent()) {
      throw new BadInputException(
          Setting.NORMALIZATION,
          Phrase.of("it or %s and %s", Setting.MEAN, Setting.STD),
          "both",
          "leave one out");
    }
    requireEach(Setting.MEAN, mean, channels);
    requireEach(Setting.STD, deviation, channels);
    if (deviation.stream().anyMatch(value -> !(value > 0))) {
      throw new BadInputException(Setting.STD, "positive numbers", deviation, EXAMPLE);
    }
    return ImportSettings.GIVEN;
  }

  /**
   * By mean and deviation, where these were given and {@link #scaling} had nothing against them.
   */
  public Optional<Normalization> given() {
    return Optional.ofNullable(mean).map(each -> new Normalization(each, deviation));
  }

  /**
   * How pixels are scaled where there are no labels to try scalings by.
   *
   * @param file of the network
   * @param told what the file says
   * @param images whose mean and deviation may be asked for
   * @throws BadInputException when neither the file says it nor a person
   */
  public Normalization withoutLabels(Path file, Optional<Task> told, LabelledImages images) {
    String scaling = scalingWithoutLabels(file, told.isPresent(), images.channels());
    return switch (scaling) {
      case ImportSettings.OF_FILE -> told.orElseThrow().normalization();
      case ImportSettings.GIVEN -> given().orElseThrow();
      default -> preset(scaling).of(images).orElseThrow();
    };
  }

  /**
   * The same as {@link #scaling}, which may not be left to trying.
   *
   * @throws BadInputException when neither the file says it nor a person
   */
  public String scalingWithoutLabels(Path file, boolean told, int channels) {
    String scaling = scaling(told, channels);
    if (scaling.equals(ImportSettings.AUTO)) {
      throw new BadInputException(
          Phrase.of("%s of %s", Setting.NORMALIZATION, file.getFileName()),
          "a preset, or mean and deviation, as the file does not say how its pixels are scaled",
          "pictures without labels, which cannot tell",
          Phrase.of(
              "give %s, or %s and %s, or pictures in a folder for each class",
              Setting.NORMALIZATION, Setting.MEAN, Setting.STD));
    }
    return scaling;
  }

  private static NormalizationPreset preset(String name) {
    return Arrays.stream(NormalizationPreset.values())
        .filter(each -> each.label().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    Phrase.of("%s '%s'", Setting.NORMALIZATION, name),
                    "auto, "
                        + Arrays.stream(NormalizationPreset.values())
                            .map(NormalizationPreset::label)
                            .collect(Collectors.joining(", ")),
                    "another",
                    Phrase.of("or give %s and %s", Setting.MEAN, Setting.STD)));
  }

  private static void requireChannels(NormalizationPreset preset, int channels) {
    if (preset == NormalizationPreset.IMAGENET && channels != 3) {
      throw new BadInputException(
          Phrase.of("%s imagenet", Setting.NORMALIZATION),
          "a network for images of 3 channels",
          "one for " + channels,
          Phrase.of("give another, or %s and %s", Setting.MEAN, Setting.STD));
    }
  }

  private static void requireEach(Setting what, List<Float> values, int channels) {
    if (values == null
        || values.size() != channels
        || values.stream().anyMatch(value -> !Float.isFinite(value))) {
      throw new BadInputException(
          what,
          "a number for each of the " + channels + " channels",
          values == null ? "none" : values,
          EXAMPLE);
    }
  }

  /**
   * The name of each output, where a file of them was given.
   *
   * @throws BadInputException when that is no list of as many different names
   */
  public Optional<List<String>> labels(int outputs) {
    return labels.map(names -> read(names, outputs));
  }

  private static List<String> read(Path labels, int outputs) {
    List<String> lines;
    try {
      lines = new ArrayList<>(RegularFile.lines(labels));
      lines.replaceAll(String::strip);
      while (!lines.isEmpty() && lines.get(lines.size() - 1).isEmpty()) {
        lines.remove(lines.size() - 1);
      }
    } catch (IOException e) {
      throw BadInputException.of(
          labels, "cannot be read as text (" + IoReason.of(e) + ")", "check the path", e);
    }
    if (lines.size() != outputs) {
      throw new BadInputException(
          labels,
          "a line for each of the " + outputs + " outputs",
          lines.size(),
          "name those that there is no folder for as you like");
    }
    if (new HashSet<>(lines).size() < outputs || lines.contains("")) {
      throw new BadInputException(
          labels, "different names", "one twice or an empty line", "name each output once");
    }
    return lines;
  }
}

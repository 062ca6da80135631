package shallows.pipeline;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import shallows.data.NormalizationPreset;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.pipeline.folder.ImportSettings;

/**
 * How a person says that the pixels of somebody's network are scaled.
 *
 * @param preset {@code auto} or the name of one; empty for what the file says, else auto
 * @param mean for each channel, of pixels in [0, 1]; null unless given, with the deviation
 * @param deviation for each channel, positive; null unless given
 */
record AskedNormalization(Optional<String> preset, List<Float> mean, List<Float> deviation) {
  private static final Phrase EXAMPLE =
      Phrase.of("for example %s 0.485,0.456,0.406 %s 0.229,0.224,0.225", Setting.MEAN, Setting.STD);

  /**
   * The word for it that a record keeps.
   *
   * @param told whether the file says one
   * @param channels of the images
   * @throws BadInputException when it is none, or not for so many channels
   */
  String checked(boolean told, int channels) {
    if (mean == null && deviation == null) {
      String asked = preset.orElse(told ? ImportSettings.OF_FILE : ImportSettings.AUTO);
      if (preset.isPresent() && !asked.equals(ImportSettings.AUTO)) {
        requireChannels(preset(asked), channels);
      }
      return asked;
    }
    if (preset.isPresent()) {
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
}

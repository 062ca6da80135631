package shallows.pipeline.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import shallows.data.LabelledImages;
import shallows.data.NormalizationPreset;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.Normalization;
import shallows.pipeline.event.Event;
import shallows.pipeline.folder.ImportSettings;

/**
 * How the pixels of a network that was brought along are scaled, which its file rarely says. A
 * wrong scaling gives no error, just a poor accuracy, so every preset is tried on labelled images.
 *
 * @param normalization the one to take
 * @param found how it was chosen, and what speaks against it
 */
public record NormalizationChoice(Normalization normalization, Event.NormalizationChosen found) {
  /** Images to try on: enough to tell a right scaling from a wrong one. */
  private static final int IMAGES = 250;

  /** Accuracies closer than this are alike, whatever the number of images. */
  private static final double ALIKE = 0.05;

  /** Standard errors beyond which an accuracy is not chance: 98 of 100 guesses lie below. */
  private static final double STANDARD_ERRORS = 2;

  /** One scaling with its accuracy on the images tried on. */
  private record Trial(Event.Scaling scaling, Normalization normalization) {
    double accuracy() {
      return scaling.accuracy();
    }
  }

  /**
   * Chooses.
   *
   * @param asked for, as {@link ImportSettings#normalization} has it
   * @param known where that is what the file says, or mean and deviation
   * @param train images whose mean and deviation is one of the presets
   * @param judged images to judge by, which test images may not be
   * @param answers of the network to images that are scaled so
   */
  public static NormalizationChoice of(
      String asked,
      Optional<Normalization> known,
      LabelledImages train,
      LabelledImages judged,
      BiFunction<Normalization, LabelledImages, Predictions> answers) {
    LabelledImages few = spread(judged);
    List<Trial> presets = new ArrayList<>();
    for (NormalizationPreset preset : NormalizationPreset.values()) {
      preset.of(train).ifPresent(n -> presets.add(trial(preset.label(), n, few, answers)));
    }
    Trial best = presets.get(0);
    for (Trial preset : presets) {
      best = preset.accuracy() > best.accuracy() ? preset : best;
    }
    boolean auto = asked.equals(ImportSettings.AUTO);
    Trial chosen =
        auto
            ? best
            : known
                .map(n -> trial(words(asked), n, few, answers))
                .orElseGet(() -> named(asked, presets));
    boolean worse = isWorse(chosen, best, few);
    return new NormalizationChoice(
        chosen.normalization(),
        new Event.NormalizationChosen(
            chosen.scaling(),
            auto ? presets.stream().map(Trial::scaling).toList() : List.of(),
            worse ? Optional.of(best.scaling()) : Optional.empty(),
            worse ? Optional.empty() : chanceNear(chosen, few),
            few.size()));
  }

  /** Whether a person should know of it. */
  public boolean isNews() {
    return !found.tried().isEmpty() || found.better().isPresent() || found.chance().isPresent();
  }

  private static String words(String asked) {
    return asked.equals(ImportSettings.OF_FILE) ? "of the file" : "of mean and deviation";
  }

  private static Trial named(String asked, List<Trial> presets) {
    return presets.stream()
        .filter(preset -> preset.scaling().name().equals(asked))
        .findFirst()
        .orElseThrow();
  }

  /** Whether another scaling is better by more than chance. */
  private static boolean isWorse(Trial asked, Trial best, LabelledImages few) {
    double error = Math.sqrt(best.accuracy() * (1 - best.accuracy()) / few.size());
    return best.accuracy() - asked.accuracy() > Math.max(ALIKE, STANDARD_ERRORS * error);
  }

  /** The accuracy of guessing, where that of a trial is near it. */
  private static Optional<Double> chanceNear(Trial trial, LabelledImages few) {
    int[] counts = new int[few.classes().size()];
    Arrays.stream(few.labels()).forEach(label -> counts[label]++);
    // Who always names the most frequent class is right as often.
    double chance = (double) Arrays.stream(counts).max().orElseThrow() / few.size();
    double error = Math.sqrt(chance * (1 - chance) / few.size());
    return trial.accuracy() > chance + STANDARD_ERRORS * error
        ? Optional.empty()
        : Optional.of(chance);
  }

  private static Trial trial(
      String name,
      Normalization normalization,
      LabelledImages few,
      BiFunction<Normalization, LabelledImages, Predictions> answers) {
    double accuracy = answers.apply(normalization, few).accuracy(few);
    return new Trial(new Event.Scaling(name, accuracy), normalization);
  }

  /** Every n-th image, since a folder is sorted by class. */
  private static LabelledImages spread(LabelledImages images) {
    int count = Math.min(IMAGES, images.size());
    int[] indices = new int[count];
    for (int i = 0; i < count; i++) {
      indices[i] = (int) ((long) i * images.size() / count);
    }
    return images.subset(indices);
  }
}

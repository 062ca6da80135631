package shallows.pipeline.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import shallows.data.LabelledImages;
import shallows.data.NormalizationPreset;
import shallows.data.evaluation.AccuracyLoss;
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

  /** Points of accuracy within which two are alike, whatever the number of images. */
  private static final double ALIKE = 5;

  /** Standard errors beyond which an accuracy is not chance: 98 of 100 guesses lie below. */
  private static final double STANDARD_ERRORS = 2;

  /**
   * One scaling with its accuracy on the images tried on.
   *
   * @param right of each of these, whether the network gets it right
   */
  private record Trial(Event.Scaling scaling, Normalization normalization, boolean[] right) {
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
    LabelledImages few = judged.evenly(IMAGES);
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
    boolean worse = isWorse(chosen, best);
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

  /** Whether another scaling is better by more than chance, on the same images. */
  private static boolean isWorse(Trial asked, Trial best) {
    AccuracyLoss loss = AccuracyLoss.between(best.right(), asked.right());
    return !loss.isProbablyWithin(ALIKE) && loss.isSurelyBeyond(0, STANDARD_ERRORS);
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
    Predictions found = answers.apply(normalization, few);
    return new Trial(new Event.Scaling(name, found.accuracy(few)), normalization, found.right(few));
  }
}

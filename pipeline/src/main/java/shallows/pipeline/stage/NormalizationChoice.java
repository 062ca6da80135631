package shallows.pipeline.stage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import shallows.data.LabelledImages;
import shallows.data.NormalizationPreset;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.Graph;
import shallows.model.graph.Normalization;
import shallows.model.graph.Task;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.ImportSettings;
import shallows.pipeline.report.Words;
import shallows.train.inference.VariantPredictions;
import shallows.train.options.Compute;

/**
 * How the pixels of a network that was brought along are scaled, which its file rarely says. A
 * wrong scaling gives no error, just a poor accuracy, so every preset is tried on labelled images.
 *
 * @param chosen of all
 * @param remark what a person should know of it; empty where nothing is odd
 */
record NormalizationChoice(Trial chosen, Optional<String> remark) {
  /** Images to try on: enough to tell a right scaling from a wrong one. */
  private static final int IMAGES = 250;

  /** Accuracies closer than this are alike, whatever the number of images. */
  private static final double ALIKE = 0.05;

  /** Standard errors beyond which an accuracy is not chance: 98 of 100 guesses lie below. */
  private static final double STANDARD_ERRORS = 2;

  /**
   * One scaling.
   *
   * @param name of the preset, or where it comes from
   * @param accuracy of the network with it, in [0, 1]
   */
  record Trial(String name, Normalization normalization, double accuracy) {
    String inWords() {
      return name + " " + Words.percent(accuracy);
    }
  }

  /**
   * @param graph with labels, and with the file's own normalization if it has one
   * @param train the images that {@code data} is measured on
   * @param heldOut the images to try on; at most 250 of them
   */
  static NormalizationChoice of(
      Graph graph,
      ImportSettings settings,
      LabelledImages train,
      LabelledImages heldOut,
      Compute compute) {
    LabelledImages few = spread(heldOut);
    List<Trial> presets = new ArrayList<>();
    for (NormalizationPreset preset : NormalizationPreset.values()) {
      preset.of(train).ifPresent(n -> presets.add(trial(preset.label(), n, graph, few, compute)));
    }
    Trial best = presets.get(0);
    for (Trial preset : presets) {
      best = preset.accuracy() > best.accuracy() ? preset : best;
    }
    if (settings.normalization().equals(ImportSettings.AUTO)) {
      String tried =
          String.format(
              Locale.ROOT,
              "normalization %s, by the accuracy on %d images: %s",
              best.name(),
              few.size(),
              presets.stream().map(Trial::inWords).collect(Collectors.joining(", ")));
      return new NormalizationChoice(
          best, Optional.of(nearChance(best, few).map(why -> why + "; " + tried).orElse(tried)));
    }
    Trial asked = asked(graph, settings, presets, few, compute);
    return new NormalizationChoice(asked, suspicion(asked, best, few));
  }

  private static Trial asked(
      Graph graph,
      ImportSettings settings,
      List<Trial> presets,
      LabelledImages few,
      Compute compute) {
    return switch (settings.normalization()) {
      case ImportSettings.OF_FILE ->
          trial("of the file", graph.task().normalization(), graph, few, compute);
      case ImportSettings.GIVEN ->
          trial(
              "of --mean and --std",
              new Normalization(settings.mean(), settings.deviation()),
              graph,
              few,
              compute);
      default ->
          presets.stream()
              .filter(preset -> preset.name().equals(settings.normalization()))
              .findFirst()
              .orElseThrow();
    };
  }

  /** What is odd about the accuracy with what was asked for. */
  private static Optional<String> suspicion(Trial asked, Trial best, LabelledImages few) {
    double error = Math.sqrt(best.accuracy() * (1 - best.accuracy()) / few.size());
    if (best.accuracy() - asked.accuracy() > Math.max(ALIKE, STANDARD_ERRORS * error)) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "normalization %s on %d images, but %s: probably the network wants --normalization"
                  + " %s",
              asked.inWords(),
              few.size(),
              best.inWords(),
              best.name()));
    }
    return nearChance(asked, few);
  }

  private static Optional<String> nearChance(Trial trial, LabelledImages few) {
    int[] counts = new int[few.classes().size()];
    Arrays.stream(few.labels()).forEach(label -> counts[label]++);
    // Who always names the most frequent class is right as often.
    double chance = (double) Arrays.stream(counts).max().orElseThrow() / few.size();
    double error = Math.sqrt(chance * (1 - chance) / few.size());
    if (trial.accuracy() > chance + STANDARD_ERRORS * error) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "only %s of %d images are right, near what guessing gives (%s): check --data, the order"
                + " of the classes (--labels) and the normalization",
            Words.percent(trial.accuracy()),
            few.size(),
            Words.percent(chance)));
  }

  private static Trial trial(
      String name, Normalization normalization, Graph graph, LabelledImages few, Compute compute) {
    Graph scaled = graph.withTask(new Task(graph.task().labels(), normalization));
    Predictions answers =
        VariantPredictions.of(scaled, List.of(scaled), few, compute, Progress.SILENT).get(0);
    return new Trial(name, normalization, answers.accuracy(few));
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

package shallows.pipeline.stage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import shallows.data.LabelledImages;
import shallows.data.NormalizationPreset;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.Graph;
import shallows.model.graph.Normalization;
import shallows.model.graph.Task;
import shallows.pipeline.event.Event;
import shallows.pipeline.folder.ImportSettings;
import shallows.train.inference.TorchClassifier;
import shallows.train.options.Compute;

/**
 * How the pixels of a network that was brought along are scaled, which its file rarely says. A
 * wrong scaling gives no error, just a poor accuracy, so every preset is tried on labelled images.
 */
final class NormalizationChoice {
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

  private NormalizationChoice() {}

  /**
   * Chooses, and tells what a person should know of the choice.
   *
   * @param graph with labels, and with the file's own normalization if it has one
   */
  static Normalization of(Work work, Graph graph) {
    ImportSettings settings = work.record().imported();
    LabelledImages few = spread(work.images().heldOut());
    List<Trial> presets = new ArrayList<>();
    for (NormalizationPreset preset : NormalizationPreset.values()) {
      preset
          .of(work.images().train())
          .ifPresent(n -> presets.add(trial(preset.label(), n, graph, few, work.compute())));
    }
    Trial best = presets.get(0);
    for (Trial preset : presets) {
      best = preset.accuracy() > best.accuracy() ? preset : best;
    }
    boolean auto = settings.normalization().equals(ImportSettings.AUTO);
    Trial chosen = auto ? best : asked(graph, settings, presets, few, work.compute());
    boolean worse = isWorse(chosen, best, few);
    Event.NormalizationChosen event =
        new Event.NormalizationChosen(
            chosen.scaling(),
            auto ? presets.stream().map(Trial::scaling).toList() : List.of(),
            worse ? Optional.of(best.scaling()) : Optional.empty(),
            worse ? Optional.empty() : chanceNear(chosen, few),
            few.size());
    if (auto || worse || event.chance().isPresent()) {
      work.tell(event);
    }
    return chosen.normalization();
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
              "of mean and deviation",
              new Normalization(settings.mean(), settings.deviation()),
              graph,
              few,
              compute);
      default ->
          presets.stream()
              .filter(preset -> preset.scaling().name().equals(settings.normalization()))
              .findFirst()
              .orElseThrow();
    };
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
      String name, Normalization normalization, Graph graph, LabelledImages few, Compute compute) {
    Graph scaled = graph.withTask(new Task(graph.task().labels(), normalization));
    Predictions answers = TorchClassifier.answers(scaled, few, compute);
    return new Trial(new Event.Scaling(name, answers.accuracy(few)), normalization);
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

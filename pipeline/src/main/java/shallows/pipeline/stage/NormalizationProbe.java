package shallows.pipeline.stage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import shallows.data.LabelledImages;
import shallows.data.NormalizationPreset;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Normalization;
import shallows.model.graph.Task;
import shallows.pipeline.event.Event;
import shallows.pipeline.folder.ImportSettings;
import shallows.pipeline.folder.TransferSettings;
import shallows.train.transfer.LinearProbe;

/**
 * How the pixels of a network are scaled that is to learn other classes. Its own answers tell
 * nothing of that, since no image has one of its classes; but pixels that are scaled as it knows
 * them make better features, so the preset is taken on whose features a linear classifier does best
 * on training images that it was not trained on.
 */
final class NormalizationProbe {
  private static final int MOST_IMAGES = 500;
  private static final int FEWEST_IMAGES = 100;

  /** What all presets together may cost: half a minute. */
  private static final long MACS = 1_000_000_000_000L;

  private record Trial(String name, Normalization normalization, LinearProbe probe) {
    boolean isBetterThan(Trial other) {
      double gained = probe.accuracy() - other.probe.accuracy();
      return gained > 0 || gained == 0 && probe.loss() < other.probe.loss();
    }
  }

  private NormalizationProbe() {}

  /**
   * What was asked for, or chosen, and then told.
   *
   * @param features of the network, with the file's own normalization if it has one
   */
  static Normalization of(Work work, Graph features) {
    TransferSettings settings = work.record().from();
    LabelledImages train = work.images().train();
    switch (settings.normalization()) {
      case ImportSettings.OF_FILE:
        return features.task().normalization();
      case ImportSettings.GIVEN:
        return new Normalization(settings.mean(), settings.deviation());
      default:
        break;
    }
    boolean auto = settings.normalization().equals(ImportSettings.AUTO);
    List<NormalizationPreset> presets =
        Arrays.stream(NormalizationPreset.values())
            .filter(preset -> auto || preset.label().equals(settings.normalization()))
            .filter(preset -> preset.of(train).isPresent())
            .toList();
    if (!auto) {
      return presets.get(0).of(train).orElseThrow();
    }
    LabelledImages few = few(train, Cost.of(features).macs() * presets.size());
    List<Trial> trials = new ArrayList<>();
    for (NormalizationPreset preset : presets) {
      Normalization normalization = preset.of(train).orElseThrow();
      Graph scaled = features.withTask(new Task(features.task().labels(), normalization));
      trials.add(
          new Trial(
              preset.label(),
              normalization,
              LinearProbe.of(scaled, few, work.record().train().seed(), work.compute())));
    }
    Trial best = trials.get(0);
    for (Trial trial : trials) {
      best = trial.isBetterThan(best) ? trial : best;
    }
    work.tell(
        new Event.NormalizationChosen(
            scaling(best),
            trials.stream().map(NormalizationProbe::scaling).toList(),
            Optional.empty(),
            Optional.empty(),
            few.size()));
    return best.normalization();
  }

  private static Event.Scaling scaling(Trial trial) {
    return new Event.Scaling(trial.name(), trial.probe().accuracy());
  }

  private static LabelledImages few(LabelledImages images, long macsEach) {
    long affordable = Math.max(FEWEST_IMAGES, MACS / Math.max(1, macsEach));
    return images.evenly((int) Math.min(MOST_IMAGES, affordable));
  }
}

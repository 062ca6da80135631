package shallows.pipeline.event;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import shallows.data.DataCheck;
import shallows.export.ExportManifest;
import shallows.export.quantize.calibrate.LayerCost;
import shallows.export.quantize.calibrate.WeightRounding;
import shallows.export.verify.Verification;
import shallows.pipeline.folder.Stage;
import shallows.prune.plan.Family;
import shallows.prune.plan.Plan;

/**
 * Something that has happened in a run. Accuracies are fractions in [0, 1] on held-out images
 * unless a name says otherwise, and seconds those of the whole stage, interrupted runs included.
 */
public sealed interface Event {

  /**
   * A run was there, and is gone on with.
   *
   * @param another a folder for another run
   * @param next the first stage that is still to do; empty where the run is finished
   */
  record GoesOn(Path run, Path another, Optional<Stage> next) implements Event {}

  /**
   * A stage that was asked for alone has new files. What later stages made of its earlier ones goes
   * now.
   *
   * @param run the folder
   * @param stale later stages that have files, at least one
   */
  record MakesStale(Path run, Stage stage, List<Stage> stale) implements Event {}

  /**
   * Images did not decode and are left out.
   *
   * @param images each with its reason, at least one
   */
  record ImagesLeftOut(List<String> images) implements Event {}

  /** Images are read, and their training begins. */
  record ImagesChecked(DataCheck check) implements Event {}

  /**
   * Images have no labels, so what a network that was brought along answers counts as right, and
   * every accuracy is agreement with it.
   *
   * @param pictures that it was asked about
   * @param maxDrop points of answers that may change
   */
  record AnswersAreLabels(String network, int pictures, double maxDrop) implements Event {}

  /** A network was trained or taken in, and its blocks are measured. */
  record Trained(String network, int blocks, double accuracy, int images, double seconds)
      implements Event {}

  /** A network that was brought along, or is to be trained, has no residual block. */
  record NoBlocks(String network) implements Event {}

  /**
   * A network that was brought along was trained on.
   *
   * @param accuracy after that
   * @param original as it came
   */
  record TrainedOn(double accuracy, double original) implements Event {}

  /**
   * A classifier for new classes was trained on the features of somebody's network; now all of its
   * layers are.
   *
   * @param features how many the classifier reads
   * @param classes how many it tells apart
   */
  record ClassifierTrained(
      String network, int features, int classes, double accuracy, int images, double seconds)
      implements Event {}

  /**
   * All layers of somebody's network were trained for new classes, and it is less accurate than
   * with the new classifier alone, by more than chance.
   *
   * @param classifierAlone accuracy before that
   * @param accuracy after it
   * @param images that both saw
   */
  record TransferLost(double classifierAlone, double accuracy, int images) implements Event {}

  /**
   * How the pixels of a network that was brought along are scaled.
   *
   * @param chosen the scaling
   * @param tried all those that it was chosen from; empty where it was asked for
   * @param better another one that is clearly more accurate than the one asked for; empty where
   *     there is none
   * @param chance the accuracy of guessing, where that of the chosen one is near it; else empty
   * @param images that they were tried on
   */
  record NormalizationChosen(
      Scaling chosen,
      List<Scaling> tried,
      Optional<Scaling> better,
      Optional<Double> chance,
      int images)
      implements Event {}

  /**
   * A scaling of pixels.
   *
   * @param name of the preset, or where it comes from
   */
  record Scaling(String name, double accuracy) {}

  /**
   * Held-out images are so few that chance alone counts for more than may be lost.
   *
   * @param chance points of accuracy that an equally good network may seem to have lost
   * @param maxDrop points that may be lost
   */
  record FewHeldOutImages(int images, double chance, double maxDrop) implements Event {}

  /**
   * A network was cut.
   *
   * @param family empty where it was cut to one size
   * @param againstOriginal whether losses count from a network that was brought along, as it came
   */
  record Pruned(Plan plan, Optional<Family> family, boolean againstOriginal, double seconds)
      implements Event {}

  /**
   * Test images rejected the pruned network, and the next larger one took its place.
   *
   * @param member the name of that one; empty where there is no family
   */
  record TookLarger(Plan plan, Optional<String> member, boolean againstOriginal, double seconds)
      implements Event {}

  /** 8 bits cost a network so much, all else tried, that fine-tuning for them would help. */
  record Int8Costs(String network, double points, int images) implements Event {}

  /**
   * 8 bits cost a network more than they may, so its layers were measured one by one.
   *
   * @param layers what 8 bits cost in each, and which compute in floats now; none where that would
   *     not have helped
   * @param points that 8 bits cost now
   * @param images that it was measured on
   */
  record LayersInFloats(String network, List<LayerCost> layers, double points, int images)
      implements Event {}

  /**
   * The weights of a network have one scale a layer, were equalized, or how they are rounded was
   * learned.
   *
   * @param images that it was measured on
   * @param tuned whether the network was fine-tuned for 8 bits behind that
   */
  record WeightsRounded(String network, WeightRounding weights, int images, boolean tuned)
      implements Event {}

  /**
   * A network was fine-tuned while it was rounded to 8 bits.
   *
   * @param floats accuracy before anything is rounded
   * @param before accuracy rounded
   * @param after the same after the fine-tuning
   * @param divergenceBefore from the floats, in nats
   * @param divergenceAfter likewise
   * @param helped whether it is kept
   */
  record Int8Tuned(
      String network,
      int epochs,
      double floats,
      double before,
      double after,
      double divergenceBefore,
      double divergenceAfter,
      boolean helped)
      implements Event {}

  /** Files were written. */
  record Exported(ExportManifest manifest, double seconds) implements Event {}

  /** Files were checked. */
  record Verified(Verification found, double seconds) implements Event {}

  /** The report was written. */
  record Reported(Path page, Path json, double seconds) implements Event {}
}

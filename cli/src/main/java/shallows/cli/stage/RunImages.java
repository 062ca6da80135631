package shallows.cli.stage;

import java.util.List;
import java.util.OptionalInt;
import shallows.cli.folder.TrainSettings;
import shallows.model.BadInputException;
import shallows.model.images.DataOptions;
import shallows.model.images.DataSet;
import shallows.model.images.DataSets;
import shallows.model.images.HeldOutSplit;
import shallows.model.images.LabelledImages;
import shallows.model.progress.Progress;

/**
 * The images of a run in three parts that share none: every stage that opens them by the same
 * settings gets the same parts.
 *
 * @param data where they come from
 * @param train what weights are fitted to
 * @param heldOut a tenth of the training images, what decisions are measured on
 */
public record RunImages(DataSet data, LabelledImages train, LabelledImages heldOut) {
  private static final double HELD_OUT_SHARE = 0.1;

  /**
   * @throws BadInputException when there is no such data or something is wrong with it
   */
  public static RunImages open(TrainSettings settings, Progress progress) {
    OptionalInt size =
        settings.size() == null ? OptionalInt.empty() : OptionalInt.of(settings.size());
    DataSet data =
        DataSets.open(
            settings.data(),
            new DataOptions(size, settings.skipBroken(), settings.seed()),
            progress);
    HeldOutSplit split = sample(data.train(), settings).split(HELD_OUT_SHARE, settings.seed());
    return new RunImages(data, split.train(), split.heldOut());
  }

  /** What accuracy is reported on; no stage before verify looks at it. */
  public LabelledImages test() {
    return data.test();
  }

  /** Images that did not decode and were left out, each with its reason. */
  public List<String> skipped() {
    return data.skipped();
  }

  private static LabelledImages sample(LabelledImages all, TrainSettings settings) {
    if (settings.trainImages() == null || settings.trainImages() >= all.size()) {
      return all;
    }
    int least = 2 * all.classes().size();
    if (settings.trainImages() < least) {
      throw new BadInputException(
          "--train-images: expected at least "
              + least
              + ", 2 of each class, found "
              + settings.trainImages());
    }
    return all.split((double) settings.trainImages() / all.size(), settings.seed()).heldOut();
  }
}

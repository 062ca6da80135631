package shallows.cli.stage;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import shallows.cli.folder.ImagePart;
import shallows.cli.folder.OpenRun;
import shallows.cli.folder.TrainSettings;
import shallows.model.BadInputException;
import shallows.model.images.DataOptions;
import shallows.model.images.DataSet;
import shallows.model.images.DataSets;
import shallows.model.images.HeldOutSplit;
import shallows.model.images.LabelledImages;
import shallows.model.progress.Progress;
import shallows.train.TrainingIdentity;

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

  /** What is recorded of the images, by what they are for. */
  Map<String, ImagePart> parts() {
    Map<String, ImagePart> parts = new LinkedHashMap<>();
    parts.put("training", part(train));
    parts.put("held-out", part(heldOut));
    parts.put("test", part(test()));
    return parts;
  }

  private static ImagePart part(LabelledImages images) {
    return new ImagePart(images.size(), TrainingIdentity.hash(images));
  }

  /**
   * Images that came or went since the training move others from one part into another, so that the
   * network would be tested on what it was trained on.
   *
   * @throws BadInputException when a part is not the one that was recorded after the training
   */
  public void requireSame(OpenRun run) {
    Map<String, ImagePart> found = parts();
    for (Map.Entry<String, ImagePart> expected : run.record().images().entrySet()) {
      ImagePart now = found.get(expected.getKey());
      if (!expected.getValue().equals(now)) {
        throw new BadInputException(
            run.record().train().data()
                + ": expected the "
                + expected.getKey()
                + " images of this run's training, "
                + expected.getValue()
                + ", found others, "
                + now
                + "; restore the images, or train again with another --out");
      }
    }
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

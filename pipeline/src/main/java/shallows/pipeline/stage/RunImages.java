package shallows.pipeline.stage;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import shallows.data.DataCheck;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.data.sets.DataSets;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.pipeline.event.Event;
import shallows.pipeline.event.Listener;
import shallows.pipeline.folder.ImagePart;
import shallows.pipeline.folder.ImportSettings;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.TrainSettings;
import shallows.train.loop.TrainingIdentity;

/**
 * The images of a run in three parts that share none: every stage that opens them by the same
 * settings gets the same parts.
 *
 * @param data where they come from
 * @param split what weights are fitted to, and what confirms what pruning has chosen: a tenth of
 *     the training images, where nothing else is asked for and nobody has set them apart
 */
public record RunImages(DataSet data, HeldOutSplit split) {
  private static final double HELD_OUT_SHARE = 0.1;

  /**
   * @throws BadInputException when there is no such data or something is wrong with it
   */
  public static RunImages open(TrainSettings settings, Listener listener) {
    OptionalInt size =
        settings.size() == null ? OptionalInt.empty() : OptionalInt.of(settings.size());
    DataSet data =
        DataSets.open(
            settings.data(),
            new DataOptions(size, settings.skipBroken(), settings.seed()),
            listener.progress());
    return told(parted(data, settings, HELD_OUT_SHARE), listener);
  }

  /**
   * The images of a run, whether its network was trained here or brought along.
   *
   * @param answers the file that says what the network answers to images, where they have no
   *     labels; empty where it was not asked yet
   * @throws BadInputException as {@link #open(TrainSettings, Listener)}, or when they do not fit
   *     the network that was brought along
   */
  static RunImages open(RunRecord record, Optional<Path> answers, Listener listener) {
    ImportSettings imported = record.imported();
    if (record.from() != null) {
      DataSet data = ImportedImages.open(record.from(), record.train(), listener.progress());
      return told(parted(data, record.train(), HELD_OUT_SHARE), listener);
    }
    if (imported == null) {
      return open(record.train(), listener);
    }
    TrainSettings settings = record.train();
    DataSet data =
        ImportedImages.open(
            imported,
            settings,
            answers
                .filter(file -> imported.isUnlabelled())
                .map(AnsweredPictures.Answers.FORMAT::read),
            listener.progress());
    return told(parted(data, settings, imported.heldOutShare()), listener);
  }

  private static RunImages parted(DataSet data, TrainSettings settings, double heldOutShare) {
    LabelledImages train = sample(data.train(), settings);
    return new RunImages(
        data,
        data.heldOut()
            .map(apart -> new HeldOutSplit(train, apart))
            .orElseGet(() -> train.split(heldOutShare, settings.seed())));
  }

  /**
   * What the images are like; the run's record says why they have their size. Empty where they have
   * no labels, which is what most of it is about.
   */
  Optional<DataCheck> check(RunRecord record) {
    if (record.imported() != null && record.imported().isUnlabelled()) {
      return Optional.empty();
    }
    return Optional.of(
        DataCheck.of(
            data,
            record.imported() != null || record.from() != null && record.from().height() != null
                ? Optional.of(DataCheck.SizedBy.NETWORK)
                : Optional.ofNullable(record.train().size()).map(size -> DataCheck.SizedBy.ASKED)));
  }

  /** What weights are fitted to. */
  public LabelledImages train() {
    return split.train();
  }

  /** What decisions are measured on. */
  public LabelledImages heldOut() {
    return split.heldOut();
  }

  /** What accuracy is reported on; no stage before verify looks at it. */
  public LabelledImages test() {
    return data.test();
  }

  private static RunImages told(RunImages images, Listener listener) {
    List<String> skipped = images.data().reading().broken();
    if (!skipped.isEmpty()) {
      listener.hear(new Event.ImagesLeftOut(skipped));
    }
    return images;
  }

  /** What is recorded of the images, by what they are for. */
  Map<String, ImagePart> parts() {
    Map<String, ImagePart> parts = new LinkedHashMap<>();
    parts.put("training", part(train()));
    parts.put("held-out", part(heldOut()));
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
            run.record().train().data(),
            "the " + expected.getKey() + " images of this run's training, " + expected.getValue(),
            "others, " + now,
            Phrase.of("restore the images, or train again with another %s", Setting.OUT));
      }
    }
  }

  private static LabelledImages sample(LabelledImages all, TrainSettings settings) {
    if (settings.trainImages() == null || settings.trainImages() >= all.size()) {
      return all;
    }
    // Of a long list of classes there may be images of some only.
    int least = 2 * (int) Arrays.stream(all.labels()).distinct().count();
    if (settings.trainImages() < least) {
      throw new BadInputException(
          Phrase.of("%s or %s", Setting.TRAIN_IMAGES, Setting.IMAGES),
          "at least " + least + ", 2 of each class",
          settings.trainImages(),
          null);
    }
    return all.split((double) settings.trainImages() / all.size(), settings.seed()).heldOut();
  }
}

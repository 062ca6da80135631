package shallows.pipeline.stage;

import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.folder.ListedImages;
import shallows.model.BadInputException;
import shallows.model.json.JsonFormat;
import shallows.model.json.OrNull;
import shallows.pipeline.event.Listener;
import shallows.pipeline.folder.ImportSettings;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.TransferSettings;
import shallows.prune.search.AccuracyMeter;
import shallows.prune.search.FormImages;
import shallows.train.inference.BatchNormStatistics;
import shallows.train.loop.TrainingIdentity;
import shallows.train.options.Compute;

/**
 * The images that the jobs of a stage look at, by name: whoever does one decodes those pictures
 * itself and no others, or opens the set where one file holds many.
 *
 * @param use what they are for
 * @param estimating pictures that something is estimated on; null, as the next, where they are in
 *     no files of their own
 * @param measuring pictures that networks are asked about
 * @param greyed whether pictures of colours become grey where the network takes such
 * @param state {@link ListedImages#states} of both; of others a hash of pixels and labels
 */
record JobImages(
    Use use,
    @OrNull ListedImages estimating,
    @OrNull ListedImages measuring,
    boolean greyed,
    String state) {
  static final JsonFormat<JobImages> FORMAT =
      new JsonFormat<>(JobImages.class, "the images of jobs", "give the command again");

  /** Of the heap, that decoded images of each kind may take between jobs. */
  private static final int MEMORY_SHARE = 8;

  /** A process that does one job does others of the same images: the last ones. */
  private static Kept kept;

  private record Kept(JobImages asked, SoftReference<Opened> opened) {}

  /** Which of a run's images; the same ones wherever the run is opened. */
  enum Use {
    LEAVE_ONE_OUT {
      @Override
      Opened of(RunImages images) {
        return new Opened(BatchNormStatistics.sample(images.train()), images.heldOut());
      }
    },
    CUTS {
      @Override
      Opened of(RunImages images) {
        AccuracyMeter meter =
            AccuracyMeter.choosing(images.train(), images.heldOut(), Compute.cpu(1));
        return new Opened(meter.sample(), meter.images());
      }
    },
    FORMS {
      @Override
      Opened of(RunImages images) {
        FormImages parts = FormImages.of(images.train());
        return new Opened(parts.fitting(), parts.choosing());
      }
    };

    abstract Opened of(RunImages images);
  }

  /** Both kinds, with their pixels. */
  record Opened(LabelledImages estimating, LabelledImages measuring) {}

  static JobImages of(Use use, Work work) {
    Opened opened = use.of(work.images());
    Optional<Path> root = pictures(work.record(), work.images().data());
    if (root.isEmpty()) {
      return new JobImages(use, null, null, false, hash(opened));
    }
    ListedImages estimating = ListedImages.of(opened.estimating(), root.get());
    ListedImages measuring = ListedImages.of(opened.measuring(), root.get());
    // As the run has read them: those without labels are never refused for their colours.
    boolean greyed = isUnlabelled(work.record());
    return new JobImages(use, estimating, measuring, greyed, states(estimating, measuring));
  }

  private static String hash(Opened opened) {
    return TrainingIdentity.hash(opened.estimating()) + TrainingIdentity.hash(opened.measuring());
  }

  private static String states(ListedImages estimating, ListedImages measuring) {
    return estimating.states() + measuring.states();
  }

  /**
   * Where the names of a run's pictures begin, if each can be decoded alone to what the run has of
   * it. A folder is read as its pictures are where a network takes images that are not square, and
   * brought to that afterwards; so that is left to whoever opens all of it.
   */
  private static Optional<Path> pictures(RunRecord record, DataSet data) {
    ImportSettings imported = record.imported();
    TransferSettings from = record.from();
    boolean listed = isUnlabelled(record);
    boolean square =
        (imported == null || imported.height() == imported.width())
            && (from == null || from.height() == null || from.height().equals(from.width()));
    if (!listed && (data.reading().sizes().isEmpty() || !square)) {
      return Optional.empty();
    }
    Path spec = Path.of(data.spec());
    return Optional.of(Files.isDirectory(spec) ? spec : spec.getParent());
  }

  private static boolean isUnlabelled(RunRecord record) {
    return record.imported() != null && record.imported().isUnlabelled();
  }

  /**
   * The images, those of the last call where they are the same.
   *
   * @param run whose images they are
   * @throws BadInputException when they are not on this machine, or others are
   */
  Opened read(RunFolder run) {
    synchronized (JobImages.class) {
      Opened before = kept != null && kept.asked().equals(this) ? kept.opened().get() : null;
      if (before != null) {
        return before;
      }
      Opened opened = estimating == null ? ofSet(run) : ofFiles();
      kept = new Kept(this, new SoftReference<>(opened));
      return opened;
    }
  }

  private Opened ofFiles() {
    if (!states(estimating, measuring).equals(state)) {
      throw refusal(Path.of(estimating.root()), "others, or some that cannot be read");
    }
    long memory = Runtime.getRuntime().maxMemory() / MEMORY_SHARE;
    return new Opened(estimating.images(memory, greyed), measuring.images(memory, greyed));
  }

  private Opened ofSet(RunFolder run) {
    RunRecord record = RunRecord.read(run.record());
    Opened opened = use.of(RunImages.open(record, Optional.empty(), Listener.SILENT));
    if (!hash(opened).equals(state)) {
      throw refusal(record.train().data(), "others");
    }
    return opened;
  }

  private static BadInputException refusal(Object where, String found) {
    return new BadInputException(
        where,
        "the images of this run",
        found,
        "give all machines the same files at the same path, and the command again");
  }
}

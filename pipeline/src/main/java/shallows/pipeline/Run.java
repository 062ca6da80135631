package shallows.pipeline;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import shallows.data.evaluation.TestTimeAugmentation;
import shallows.data.folder.BrokenImagesException;
import shallows.export.ExportFormat;
import shallows.export.ExportManifest;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.export.verify.Verification;
import shallows.export.web.WebPage;
import shallows.export.web.WebRuntime;
import shallows.model.BadInputException;
import shallows.model.file.AbsolutePath;
import shallows.model.json.Changes;
import shallows.pipeline.event.Event;
import shallows.pipeline.event.Listener;
import shallows.pipeline.folder.BrokenImages;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.Outputs;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.report.Report;
import shallows.pipeline.stage.Earlier;
import shallows.pipeline.stage.ExportStage;
import shallows.pipeline.stage.ImportStage;
import shallows.pipeline.stage.LearningRateStage;
import shallows.pipeline.stage.PruneStage;
import shallows.pipeline.stage.Remaining;
import shallows.pipeline.stage.ReportStage;
import shallows.pipeline.stage.SameTraining;
import shallows.pipeline.stage.TrainStage;
import shallows.pipeline.stage.TransferStage;
import shallows.pipeline.stage.VerifyStage;
import shallows.pipeline.stage.Work;
import shallows.prune.plan.Plan;
import shallows.train.jobs.JobRunner;
import shallows.train.loop.LearningRateCurve;
import shallows.train.loop.Safeguards;
import shallows.train.options.Compute;
import shallows.train.options.Transfer;

/**
 * A network's way from images to checked files, in a folder: trained or taken in from an ONNX file,
 * pruned, exported, verified and reported. Each stage reads what those before it left in the
 * folder, works while the folder is locked, and leaves its own files there; one that fails changes
 * nothing. A run that was interrupted goes on where it was when the same stages are asked for
 * again.
 *
 * <p>Immutable but for the folder: what is said with {@link #images}, {@link #network} and the like
 * gives another run of the same folder.
 *
 * <p>All that a person can mend, such as a missing file or a setting out of its range, is thrown as
 * {@link BadInputException}.
 *
 * <p>Long, as all that a program may ask of a run is here, each method with its contract.
 */
public final class Run {
  private final RunFolder folder;
  private final Optional<String> data;
  private final Optional<String> network;
  private final Optional<Importing> importing;
  private final Optional<Beginning> from;
  private final Workplace workplace;

  /** A network that was trained for other classes, and how it learns those of the images. */
  private record Beginning(Importing network, Transfer how) {}

  /**
   * Where a run computes, who hears of it, and what it says of who began it.
   *
   * @param others who do what can be cut into jobs; null where all of it is done here
   */
  private record Workplace(
      Compute compute, JobRunner others, Listener listener, Safeguards safeguards, String command) {
    Work work(OpenRun run) {
      return new Work(run, compute, listener, Optional.ofNullable(others));
    }
  }

  private Run(
      RunFolder folder,
      Optional<String> data,
      Optional<String> network,
      Optional<Importing> importing,
      Optional<Beginning> from,
      Workplace workplace) {
    this.folder = folder;
    this.data = data;
    this.network = network;
    this.importing = importing;
    this.from = from;
    this.workplace = workplace;
  }

  static Run in(Path folder) {
    return new Run(
        new RunFolder(folder),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new Workplace(
            Compute.parse("auto", 0),
            null,
            Listener.SILENT,
            Safeguards.standard(),
            "a Java program"));
  }

  /** On the images of a folder: {@code FOLDER/<class>/*}, or that below {@code train} and test. */
  public Run images(Path images) {
    return images(AbsolutePath.of(images).toString());
  }

  /**
   * On the images of a data set.
   *
   * @param set its name, for example {@code "fashion-mnist"}, or a folder
   */
  public Run images(String set) {
    return new Run(folder, Optional.of(set), network, importing, from, workplace);
  }

  /**
   * Of a network that is trained here.
   *
   * @param name for example {@code "resnet-20"}
   */
  public Run network(String name) {
    return new Run(folder, data, Optional.of(name), importing, from, workplace);
  }

  /** Of a trained network that somebody else made. */
  public Run importing(Path onnx) {
    return importing(Importing.of(onnx));
  }

  /** The same, with what its file does not say. */
  public Run importing(Importing theirs) {
    return new Run(folder, data, network, Optional.of(theirs), from, workplace);
  }

  /**
   * Of a network that somebody else has trained for other classes: its classifier is replaced by
   * one for those of the images. {@link TrainSettings#TRANSFER} is what such a training wants.
   */
  public Run from(Path onnx) {
    return from(Importing.of(onnx), Transfer.STANDARD);
  }

  /** The same, with what its file does not say and how it learns. */
  public Run from(Importing theirs, Transfer how) {
    return new Run(
        folder, data, network, importing, Optional.of(new Beginning(theirs, how)), workplace);
  }

  /** Computed there; without it, wherever {@code auto} says, and on all processors. */
  public Run on(Compute compute) {
    return with(Changes.in(workplace, "compute", compute));
  }

  /**
   * With what can be done in any order done by others, as jobs whose folders are in that of the run
   * while a stage is at it: leave-one-out, and what cuts and forms of blocks cost. What comes out
   * is the same, bit for bit, on processors of one kind.
   *
   * @param others for example of a {@link shallows.train.jobs.JobPlace}; who gave them closes them
   */
  public Run on(JobRunner others) {
    return with(Changes.in(workplace, "others", others));
  }

  /** Heard by {@code listener}. */
  public Run heardBy(Listener listener) {
    return with(Changes.in(workplace, "listener", listener));
  }

  /** With this to keep a long training alive. */
  public Run safeguardedBy(Safeguards safeguards) {
    return with(Changes.in(workplace, "safeguards", safeguards));
  }

  /** Begun by this, as its record says. */
  public Run begunBy(String command) {
    return with(Changes.in(workplace, "command", command));
  }

  private Run with(Workplace other) {
    return new Run(folder, data, network, importing, from, other);
  }

  /** Where the run is, absolute. */
  public Path folder() {
    return folder.root();
  }

  /** A folder beside it for another run, where nothing is yet. */
  public Path another() {
    return folder.another();
  }

  /** What the run was asked for and how far it is; empty where it has not begun. */
  public Optional<RunRecord> record() {
    return folder.holdsRun() ? Optional.of(RunRecord.read(folder.record())) : Optional.empty();
  }

  /**
   * Trains the network, or takes in the one that was brought along, and measures its blocks. A
   * training that was interrupted goes on from its last checkpoint; one that is finished stays,
   * unless it had ended for want of time and {@link Safeguards#timeLimit} now gives it more, or is
   * empty while {@link Safeguards#resume} is set.
   *
   * @throws BadInputException when the folder holds a run that was begun with other settings
   */
  public Run train(TrainSettings settings) {
    begun(settings, PruneSettings.STANDARD, ExportSettings.STANDARD, this::train);
    return this;
  }

  /**
   * Tries learning rates over a few hundred steps, for a training from nothing by these settings;
   * the folder is not touched.
   */
  public LearningRateCurve learningRates(TrainSettings settings) {
    RunRecord asked = asked(settings, PruneSettings.STANDARD, ExportSettings.STANDARD);
    return LearningRateStage.run(asked, workplace.compute(), workplace.listener());
  }

  private void train(Remaining remaining) {
    if (remaining.isDone(Stage.TRAIN)) {
      return;
    }
    Work work = remaining.work();
    Safeguards safeguards = workplace.safeguards().withResume(remaining.goesOn());
    if (importing.isPresent()) {
      ImportStage.run(work, importing.get().network(), safeguards);
    } else if (remaining.asked().from() != null) {
      TransferStage.run(work, safeguards);
    } else {
      TrainStage.run(work, safeguards);
    }
  }

  /**
   * Makes blocks smaller, binary or drops them within a budget, and fine-tunes what is left. What
   * later stages made of an earlier plan goes.
   */
  public Run prune(PruneSettings settings) {
    after(Stage.TRAIN, work -> PruneStage.run(work, settings));
    return this;
  }

  /**
   * Looks whether {@link #prune} with these settings has jobs for others, before they are called.
   *
   * @throws BadInputException where all of it would be done here
   */
  public void requireJobs(PruneSettings settings) {
    record().ifPresent(begun -> PruneStage.requireJobs(begun, settings));
  }

  /**
   * Writes files of the full and of the pruned network.
   *
   * @throws BadInputException when no file comes of the settings
   */
  public Run export(ExportSettings settings) {
    after(Stage.PRUNE, work -> ExportStage.run(work, settings));
    return this;
  }

  /** Likewise, in one format. */
  public Run export(ExportFormat format, ExportPrecision... precisions) {
    return export(ExportSettings.of(List.of(format), List.of(precisions)));
  }

  /** Checks the files on test images, and puts those that pass into the bundle. */
  public Run verify() {
    return verify(maxDrop());
  }

  /** Points of accuracy that a file may lose: what the pruning was asked for. */
  public double maxDrop() {
    return record().map(record -> record.prune().maxDrop()).orElse(PruneSettings.MAX_DROP);
  }

  /**
   * Likewise.
   *
   * @param maxDrop points of accuracy that a file may have lost against the full network, chance
   *     considered
   */
  public Run verify(double maxDrop) {
    return verify(maxDrop, Optional.empty());
  }

  /**
   * Likewise.
   *
   * @param copies of each test image that files are asked about too, beside the image alone, which
   *     tells what that brings and costs, and decides nothing; empty for none
   */
  public Run verify(double maxDrop, Optional<TestTimeAugmentation> copies) {
    after(Stage.EXPORT, work -> VerifyStage.run(work, maxDrop, copies));
    return this;
  }

  /** Writes {@code report.html} and {@code report.json}. */
  public Report report() {
    after(Stage.VERIFY, ReportStage::run);
    return Report.FORMAT.read(folder.report());
  }

  /**
   * All stages in order, without those that are done for these settings already.
   *
   * @throws BadInputException when the folder holds a run whose training was begun with others
   */
  public Run complete(TrainSettings train, PruneSettings prune, ExportSettings export) {
    begun(
        train,
        prune,
        export,
        remaining -> {
          if (remaining.goesOn()) {
            workplace
                .listener()
                .hear(new Event.GoesOn(folder.root(), folder.another(), remaining.next()));
          }
          train(remaining);
          remaining.afterTraining();
        });
    return this;
  }

  private void begun(
      TrainSettings train, PruneSettings prune, ExportSettings export, Consumer<Remaining> action) {
    folder.requireRoom();
    RunRecord asked = asked(train, prune, export);
    Optional<RunRecord> before = record();
    before.ifPresent(begun -> SameTraining.require(begun, asked, folder));
    try (OpenRun run = OpenRun.of(folder, asked)) {
      Work work = workplace.work(run);
      try {
        boolean trainsOn = TrainStage.hasMoreTime(folder, workplace.safeguards());
        action.accept(new Remaining(work, run, asked, before.isPresent(), trainsOn));
      } catch (RuntimeException | Error e) {
        try {
          run.fail();
        } catch (RuntimeException leftToTheNextStart) {
          e.addSuppressed(leftToTheNextStart);
        }
        throw e;
      }
    } catch (BadInputException e) {
      if (e.getCause() instanceof BrokenImagesException images && images.broken().size() > 1) {
        // After the run is gone that nothing has come of: the list is what is left to look at.
        throw images.listedIn(BrokenImages.list(folder, images.broken()), e);
      }
      throw e;
    }
  }

  private RunRecord asked(TrainSettings train, PruneSettings prune, ExportSettings export) {
    TrainSettings training =
        data.map(set -> train.withData(set, train.trainImages())).orElse(train);
    RunRecord record =
        RunRecord.begin(
            folder.name(),
            workplace.command(),
            importing
                .or(() -> from.map(Beginning::network))
                .map(Importing::name)
                .or(() -> network)
                .map(training::withNetwork)
                .orElse(training),
            prune,
            export);
    if (from.isPresent()) {
      Beginning begun = from.get();
      return record.withFrom(begun.network().transfer(train.size(), begun.how()));
    }
    return importing
        .map(
            theirs ->
                record.withImport(theirs.settings(training.data(), train.epochs() > 0, prune)))
        // What a training began with stays so where nothing is said of it.
        .orElseGet(() -> record.withFrom(record().map(RunRecord::from).orElse(null)));
  }

  /**
   * Runs a stage in a run whose earlier stages are finished, with their files as they wrote them.
   */
  private void after(Stage earlier, Consumer<Work> stage) {
    try (OpenRun run = OpenRun.existing(folder.root())) {
      Earlier.require(run, earlier);
      stage.accept(workplace.work(run).alone());
    }
  }

  /** The full network with what is known of its blocks. */
  public Inspection inspect() {
    RunFolder.existing(folder.root());
    return Inspection.of(folder);
  }

  /**
   * Where the files are that passed, with what is needed to use and to check them.
   *
   * @throws BadInputException when the run was not verified
   */
  public Path bundle() {
    try (OpenRun run = OpenRun.existing(folder.root())) {
      Earlier.require(run, Stage.VERIFY);
    }
    return folder.bundle();
  }

  /**
   * Writes a page that runs the files which passed in a browser.
   *
   * @param page a folder without anything else in it than an earlier page
   * @throws BadInputException when the run was not verified, or none of the files is an ONNX file
   */
  public WebPage web(WebRuntime runtime, Path page) {
    // The run stays locked while its bundle is read.
    try (OpenRun run = OpenRun.existing(folder.root())) {
      Earlier.require(run, Stage.VERIFY);
      return WebPage.write(folder.bundle(), runtime, page);
    }
  }

  /**
   * Whether a stage ran to its end, and its files are as it wrote them. A training that ended for
   * want of time has not, where it now has more.
   */
  public boolean isFinished(Stage stage) {
    if (stage == Stage.TRAIN && TrainStage.hasMoreTime(folder, workplace.safeguards())) {
      return false;
    }
    return record()
        .map(
            record ->
                record.seconds().containsKey(stage.key())
                    && Outputs.fault(folder, record, stage).isEmpty())
        .orElse(false);
  }

  /** What became of each block, and why. */
  public Plan plan() {
    return Plan.read(folder.plan());
  }

  /** The files that were written, and what each of them holds. */
  public ExportManifest exported() {
    return ExportManifest.read(folder.export());
  }

  /** What checking the files found. */
  public Verification verified() {
    return Verification.read(folder.verification());
  }
}

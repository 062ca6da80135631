package shallows.pipeline.stage;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import shallows.model.BadInputException;
import shallows.model.progress.Progress;
import shallows.pipeline.event.Event;
import shallows.pipeline.event.Listener;
import shallows.pipeline.folder.BrokenImages;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.Stage;
import shallows.train.jobs.JobRunner;
import shallows.train.options.Compute;

/** What a stage works with: the run, its images, where to compute, and who listens. */
public final class Work {
  private final OpenRun run;
  private final Compute compute;
  private final Listener listener;
  private final Optional<JobRunner> others;
  private RunImages images;
  private boolean alone;

  /** All of it done here. */
  public Work(OpenRun run, Compute compute, Listener listener) {
    this(run, compute, listener, Optional.empty());
  }

  /**
   * @param others who do what can be cut into jobs; empty where all of it is done here
   */
  public Work(OpenRun run, Compute compute, Listener listener, Optional<JobRunner> others) {
    this.run = run;
    this.compute = compute;
    this.listener = listener;
    this.others = others;
  }

  /**
   * What came of a stage.
   *
   * @param event to tell, given the seconds that the stage took
   * @param seconds that it took at least, those of interrupted runs included
   */
  record Done(DoubleFunction<Event> event, double seconds) {}

  OpenRun run() {
    return run;
  }

  RunFolder folder() {
    return run.folder();
  }

  RunRecord record() {
    return run.record();
  }

  /** What was begun reproducibly goes on so. */
  Compute compute() {
    return compute.withReproducible(record().train().reproducible());
  }

  /** The jobs of a stage; empty where all of it is done here. */
  Optional<StageJobs> jobs(Stage stage) {
    return others.map(runner -> new StageJobs(this, stage, runner));
  }

  /** Hears how far it is, and ends where the folder is gone. */
  Progress progress() {
    return new FolderWatch(listener.progress(), run);
  }

  /** Says what the images are like, before a network is made for them. */
  void tellImages() {
    images().check(record()).map(Event.ImagesChecked::new).ifPresent(this::tell);
  }

  void tell(Event event) {
    listener.hear(event);
  }

  /**
   * The images of the run, opened when they are first asked for. Where the network is trained they
   * must be those of its training.
   */
  RunImages images() {
    if (images == null) {
      // What a training that did not end has left counts for nothing.
      Optional<Path> answers =
          Optional.of(folder().answers()).filter(file -> run.isFinished(Stage.TRAIN));
      RunImages opened = RunImages.open(record(), answers, listener);
      opened.requireSame(run);
      BrokenImages.list(folder(), opened.data().reading().broken());
      images = opened;
    }
    return images;
  }

  /** The same work where no later stage follows of itself. */
  public Work alone() {
    alone = true;
    return this;
  }

  /** Whether no later stage follows of itself. */
  boolean isAlone() {
    return alone;
  }

  /** The same work with images that are open already. */
  public Work with(RunImages opened) {
    images = opened;
    return this;
  }

  /**
   * Runs a stage: works, then puts its files in place of the old ones, records the time and what it
   * was asked for, and tells what came of it. A stage that fails changes nothing.
   *
   * @param asked puts what the stage was asked for into the record
   * @param writing is given an empty folder; what is in it afterwards takes the place of the
   *     stage's old files
   */
  void run(Stage stage, UnaryOperator<RunRecord> asked, Function<Path, Done> writing) {
    long start = System.nanoTime();
    Path fresh = run.begin(stage);
    double seconds;
    Done done;
    try {
      done = writing.apply(fresh);
      seconds = Math.max(done.seconds(), (System.nanoTime() - start) / 1e9);
      RunRecord changed = asked.apply(run.record());
      tellStale(stage, changed);
      run.finish(stage, seconds, changed);
    } catch (RuntimeException | Error e) {
      try {
        run.abandon(stage);
      } catch (RuntimeException leftToTheNextStart) {
        e.addSuppressed(leftToTheNextStart);
      }
      throw e;
    }
    try {
      run.removeJobs(stage);
    } catch (BadInputException e) {
      // What the stage has made is in its place and recorded.
      listener.progress().remark(e.getMessage());
    }
    tell(done.event().apply(seconds));
  }

  private void tellStale(Stage stage, RunRecord changed) {
    List<Stage> stale =
        stage.later().stream().filter(later -> !record().outputs(later).isEmpty()).toList();
    if (alone && !stale.isEmpty() && run.replaces(stage, changed)) {
      tell(new Event.MakesStale(folder().root(), stage, stale));
    }
  }
}

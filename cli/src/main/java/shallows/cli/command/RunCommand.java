package shallows.cli.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import shallows.cli.terminal.Console;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.ExportSettings;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.stage.RunImages;
import shallows.pipeline.stage.TrainStage;
import shallows.train.loop.Safeguards;
import shallows.train.options.Compute;

/** {@code shallows run}. */
@Command(
    name = "run",
    sortOptions = false,
    header = "Does everything in order, from images to checked files and a report.%n",
    description = {
      "Trains, prunes, exports, verifies and reports. An interrupted run goes on from its last",
      "finished stage, the training from its last checkpoint, when the command is given again with the",
      "same --out.%n",
      "Reads  the images; without --data those embedded in the program.",
      "Writes RUN: report.html to look at, export/ with the checked ONNX and TFLite files, and what",
      "       each stage leaves in train/ and prune/.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./shallows run",
      "  ./shallows run --data my-photos --size 32",
      "  ./shallows run --epochs 2 --train-images 2000 --out runs/trial     a trial in a minute"
    })
final class RunCommand implements Callable<Integer> {
  @ParentCommand private Shallows shallows;
  @Mixin private TrainArguments train;

  @Option(
      names = "--out",
      paramLabel = "RUN",
      description = "The run folder. Default: runs/first; with --data runs/<its name>")
  private Path out;

  @Mixin private PruneArguments prune;
  @Mixin private ExportArguments export;
  @Mixin private SafeguardArguments safeguards;
  @Mixin private ComputeArguments compute;
  @Mixin private OutputArguments output;

  @Override
  public Integer call() {
    if (out == null) {
      out = train.standardFolder("first");
    }
    RunFolder folder = RunFolder.forWriting(out);
    RunRecord record =
        folder.holdsRun() ? asked(RunRecord.read(folder.record()), folder) : asked(folder);
    Console console = shallows.console();
    Progress progress = output.progress(console);
    RunImages images = ImageRemarks.open(record.train(), console, progress);
    Graph fresh = TrainStage.freshNetwork(record.train(), images);
    boolean goOn = folder.holdsRun();
    Safeguards guards = safeguards.safeguards(goOn);
    Compute device = compute.compute(record.train());
    try (OpenRun run = OpenRun.of(folder, record)) {
      shallows.worksIn(folder.root());
      RemainingStages remaining = new RemainingStages(run, record);
      if (goOn) {
        console.remark(remaining.goesOn(out));
      }
      images.requireSame(run);
      if (!remaining.isDone(Stage.TRAIN)) {
        TrainStage.run(run, images, fresh, guards, device, console, progress);
      }
      remaining.afterTraining(images, compute, console, progress);
      return Ending.tell(run, out, console);
    }
  }

  private RunRecord asked(RunFolder folder) {
    return RunRecord.begin(
        folder.name(),
        shallows.line(),
        train.over(TrainSettings.STANDARD),
        prune.over(PruneSettings.STANDARD),
        export.over(ExportSettings.STANDARD));
  }

  /** What is left out on the command line stays as it was begun. */
  private RunRecord asked(RunRecord begun, RunFolder folder) {
    Recorded.same(begun, train, folder);
    return begun.withPrune(prune.over(begun.prune())).withExport(export.over(begun.export()));
  }
}

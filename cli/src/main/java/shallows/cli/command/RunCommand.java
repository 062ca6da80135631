package shallows.cli.command;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import shallows.export.ExportSettings;
import shallows.pipeline.Run;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.TrainSettings;

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
      "Writes RUN: report.html to look at, bundle/ with the ONNX and TFLite files that passed their",
      "       check, and what each stage leaves in train/, prune/, export/ and verify/.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./shallows run",
      "  ./shallows run --data my-photos --size 32",
      "  ./shallows run --data my-photos --from theirs.onnx    what another network has learned",
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
  @Mixin private PlaceArgument place;
  @Mixin private OutputArguments output;

  @Override
  public Integer call() {
    Path path = out == null ? train.standardFolder("first") : out;
    Run run =
        shallows.run(path, compute.compute(), output).safeguardedBy(safeguards.safeguards(false));
    // What is left out on the command line stays as it was begun.
    Optional<RunRecord> begun = run.record();
    PruneSettings pruning = prune.over(begun.map(RunRecord::prune).orElse(PruneSettings.STANDARD));
    TrainSettings training = train.over(begun.map(RunRecord::train).orElse(train.standard()));
    ExportSettings exporting =
        export.over(
            begun.map(RunRecord::export).orElse(ExportSettings.STANDARD), pruning, Set.of());
    Run asked = train.of(run, begun);
    place.require();
    if (shallows.onlyChecks()) {
      return 0;
    }
    place.with(
        asked,
        compute.compute(),
        shallows.console()::remark,
        there -> there.complete(training, pruning, exporting));
    return Ending.tell(run, path, shallows.console());
  }
}

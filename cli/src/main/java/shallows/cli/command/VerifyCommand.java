package shallows.cli.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import shallows.cli.folder.OpenRun;
import shallows.cli.folder.Stage;
import shallows.cli.stage.RunImages;
import shallows.cli.stage.VerifyStage;
import shallows.cli.terminal.Console;
import shallows.model.BadInputException;
import shallows.model.progress.Progress;

/** {@code shallows verify}. */
@Command(
    name = "verify",
    sortOptions = false,
    header = "Checks the exported files on the whole test set.%n",
    description = {
      "Runs each file in ONNX Runtime or TFLite. A file passes when its outputs are those of the",
      "network it was written from, and its accuracy is at most --max-drop points below that of the",
      "full network. Exit status 1 when a file does not pass.%n",
      "Reads  RUN/train/model.onnx, RUN/prune/model.onnx, RUN/export and the test images.",
      "Writes RUN/export/verify.json: accuracy, agreement, largest difference, size and latency of",
      "       each file, and the two estimates of the full ensemble.%n"
    },
    footerHeading = "%nExample:%n",
    footer = "  ./shallows verify runs/trial --max-drop 0.5")
final class VerifyCommand implements Callable<Integer> {
  @ParentCommand private Shallows shallows;

  @Parameters(paramLabel = "RUN", description = "A run folder with exported files.")
  private Path path;

  @Option(
      names = "--max-drop",
      paramLabel = "POINTS",
      description =
          "Points of accuracy that a file may lie below the full network. Default: what prune was "
              + "asked for")
  private Double maxDrop;

  @Mixin private ThreadsArgument threads;
  @Mixin private OutputArguments output;

  @Override
  public Integer call() {
    if (maxDrop != null && !(maxDrop >= 0 && maxDrop <= 100)) {
      throw new BadInputException("--max-drop: expected 0 to 100 points, found " + maxDrop);
    }
    int width = threads.count();
    try (OpenRun run = OpenRun.existing(path)) {
      shallows.worksIn(run.folder().root());
      Earlier.require(run, Stage.EXPORT, path);
      Console console = shallows.console();
      Progress progress = output.progress(console);
      RunImages images = ImageRemarks.open(run, console, progress);
      double points = maxDrop == null ? run.record().prune().maxDrop() : maxDrop;
      VerifyStage.run(run, images, points, width, console, progress);
      return Ending.files(run, path, console);
    }
  }
}

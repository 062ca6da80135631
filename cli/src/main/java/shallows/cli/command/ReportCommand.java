package shallows.cli.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import shallows.cli.terminal.Console;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.stage.ReportStage;
import shallows.pipeline.stage.RunImages;

/** {@code shallows report}. */
@Command(
    name = "report",
    sortOptions = false,
    header = "Writes report.html and report.json.%n",
    description = {
      "Puts what the stages have measured into one page to look at and one file for programs.%n",
      "Reads  RUN/train, RUN/prune, RUN/export and some test images, which it classifies.",
      "Writes RUN/report.html, RUN/report.json.%n"
    },
    footerHeading = "%nExample:%n",
    footer = "  ./shallows report runs/first")
final class ReportCommand implements Callable<Integer> {
  @ParentCommand private Shallows shallows;

  @Parameters(paramLabel = "RUN", description = "A run folder whose files were verified.")
  private Path path;

  @Mixin private OutputArguments output;

  @Override
  public Integer call() {
    try (OpenRun run = OpenRun.existing(path)) {
      shallows.worksIn(run.folder().root());
      Earlier.require(run, Stage.VERIFY, path);
      Console console = shallows.console();
      Progress progress = output.progress(console);
      RunImages images = ImageRemarks.open(run, console, progress);
      ReportStage.run(run, images, console);
      return Ending.tell(run, path, console);
    }
  }
}

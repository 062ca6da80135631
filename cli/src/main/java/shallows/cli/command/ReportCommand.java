package shallows.cli.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import shallows.pipeline.Run;
import shallows.train.options.Compute;

/** {@code shallows report}. */
@Command(
    name = "report",
    sortOptions = false,
    header = "Writes report.html and report.json.%n",
    description = {
      "Puts what the stages have measured into one page to look at and one file for programs.%n",
      "Reads  what the other stages wrote, and some test images, which it classifies.",
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
    Run run = shallows.run(path, Compute.cpu(0), output);
    run.report();
    return Ending.tell(run, path, shallows.console());
  }
}

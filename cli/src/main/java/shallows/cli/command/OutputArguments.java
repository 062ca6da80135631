package shallows.cli.command;

import picocli.CommandLine.Option;
import shallows.cli.terminal.Console;
import shallows.model.progress.Progress;

/** What every command offers. */
final class OutputArguments {
  @Option(names = "--quiet", description = "Shows results only, no progress.")
  private boolean quiet;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean help;

  Progress progress(Console console) {
    return console.progress(quiet);
  }
}

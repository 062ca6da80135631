package shallows.cli.command;

import picocli.CommandLine.Option;

/** What a command offers that shows no progress. */
final class HelpArgument {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean help;
}

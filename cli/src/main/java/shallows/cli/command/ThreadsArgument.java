package shallows.cli.command;

import picocli.CommandLine.Option;
import shallows.model.BadInputException;

/** How wide to compute. */
final class ThreadsArgument {
  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Processor threads to use; 0 for all. Default: ${DEFAULT-VALUE}")
  private int threads;

  /** As it was said, 0 for all. */
  int asked() {
    if (threads < 0) {
      throw new BadInputException("--threads: expected at least 0, found " + threads);
    }
    return threads;
  }

  /** At least 1. */
  int count() {
    return asked() == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }
}

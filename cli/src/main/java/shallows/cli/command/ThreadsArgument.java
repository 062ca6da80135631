package shallows.cli.command;

import picocli.CommandLine.Option;
import shallows.model.BadInputException;
import shallows.model.Setting;
import shallows.model.process.StreamWidth;

/** How wide to compute. */
final class ThreadsArgument {
  /** Any machine may be asked for these. */
  private static final int ALWAYS_ALLOWED = 16;

  /** More than this only stand in each other's way, and the runtimes start every one of them. */
  private static final int PER_PROCESSOR = 4;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Processor threads to use; 0 for all. Default: ${DEFAULT-VALUE}")
  private int threads;

  /** As it was said, 0 for all. The streams of this process take no more from here on. */
  int asked() {
    if (threads < 0) {
      throw new BadInputException(Setting.THREADS, "at least 0", threads, null);
    }
    int most = Math.max(ALWAYS_ALLOWED, PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
    if (threads > most) {
      throw new BadInputException(
          Setting.THREADS,
          "at most " + most + " on this machine",
          threads,
          "leave the option out to use every processor");
    }
    if (threads > 0) {
      StreamWidth.limit(threads);
    }
    return threads;
  }

  /** At least 1. */
  int count() {
    return asked() == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }
}

package shallows.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import shallows.cli.terminal.Console;
import shallows.model.BadInputException;
import shallows.model.file.AtomicFile;

/**
 * One line for whatever was thrown. What a person can mend is said as it is; the rest is a defect,
 * or a machine that is too small, and its details go to a file instead of the terminal.
 */
final class Failures {
  private static final String LOG = "shallows-error.log";

  private final Console console;
  private final Supplier<Optional<Path>> folder;

  /**
   * @param folder of the run, where the details of a defect are written
   */
  Failures(Console console, Supplier<Optional<Path>> folder) {
    this.console = console;
    this.folder = folder;
  }

  /** Says what happened and returns the exit status. */
  int tell(Throwable thrown) {
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      if (e instanceof BadInputException bad) {
        console.remark(bad.failure().words(OptionWords::of));
        return Main.BAD;
      }
    }
    console.remark(new BadInputException(sentence(thrown) + details(thrown)).getMessage());
    return Main.BAD;
  }

  private static String sentence(Throwable thrown) {
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      if (e instanceof OutOfMemoryError) {
        return "the heap is full ("
            + e.getMessage()
            + "); set SHALLOWS_JAVA_OPTS=-Xmx4g for more, or train on fewer or smaller images";
      }
      if (e instanceof LinkageError && isNative(e)) {
        return "a native library cannot be loaded ("
            + e.getMessage()
            + "); see which systems the README names, and build on the machine you run on";
      }
      if (String.valueOf(e.getMessage()).contains("PyTorch native library")) {
        return "PyTorch's library cannot be unpacked or loaded ("
            + rootMessage(e)
            + "); it needs 500 MB in ~/.djl.ai, or in the folder that DJL_CACHE_DIR names";
      }
      if (e instanceof StackOverflowError) {
        return "the network is nested too deeply for the stack; set SHALLOWS_JAVA_OPTS=-Xss64m";
      }
      if (String.valueOf(e.getMessage()).contains("No space left on device")) {
        return "the disk is full ("
            + e.getMessage()
            + "); free space and run the same command again";
      }
    }
    return "this is a defect of shallows, not of your input: " + rootMessage(thrown);
  }

  /** The innermost cause, for example {@code "IllegalStateException: no step"}. */
  private static String rootMessage(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage() == null ? "" : ": " + root.getMessage();
    return root.getClass().getSimpleName() + message;
  }

  private static boolean isNative(Throwable e) {
    return e instanceof UnsatisfiedLinkError
        || e instanceof NoClassDefFoundError
        || e instanceof ExceptionInInitializerError;
  }

  /** Writes the stack trace down and says where. */
  private String details(Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    Optional<Path> run = folder.get().filter(Files::isDirectory);
    if (run.isPresent()) {
      try {
        Path log = run.get().resolve(LOG);
        AtomicFile.writeText(log, trace.toString());
        return "; details are in " + log;
      } catch (RuntimeException e) {
        // The disk may be what failed; the next place may do.
      }
    }
    try {
      // A new file of a name that nobody knows beforehand: there everybody may put links.
      Path log =
          Files.createTempFile(
              Path.of(System.getProperty("java.io.tmpdir")), "shallows-error-", ".log");
      Files.writeString(log, trace.toString());
      return "; details are in " + log;
    } catch (IOException | RuntimeException e) {
      return "";
    }
  }
}

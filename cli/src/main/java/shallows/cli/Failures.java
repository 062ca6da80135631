package shallows.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import shallows.cli.terminal.Console;
import shallows.model.BadInputException;
import shallows.model.RootCause;
import shallows.model.file.AtomicFile;

/**
 * One line for whatever was thrown. What a person can mend is said as it is; the rest is a defect,
 * or a machine that is too small, and its details go to a file instead of the terminal.
 */
final class Failures {
  private static final String LOG = "shallows-error.log";

  /** What unpacks and loads the libraries of PyTorch, of ONNX Runtime and of TFLite. */
  private static final Set<String> LOADERS =
      Set.of(
          "ai.djl.pytorch.jni.LibUtils",
          "ai.onnxruntime.OnnxRuntime",
          "org.bytedeco.javacpp.Loader");

  private static final List<String> WRAPPERS =
      List.of("ai.djl.pytorch.", "ai.onnxruntime.", "org.bytedeco.");

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
    return chain(thrown)
        .map(Failures::ofTheMachine)
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> ofLoading(thrown))
        .orElseGet(() -> defect(thrown));
  }

  private static Stream<Throwable> chain(Throwable thrown) {
    return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause);
  }

  /** What a machine may lack, by what one exception says. */
  private static Optional<String> ofTheMachine(Throwable e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof OutOfMemoryError) {
      return Optional.of(memory(message));
    }
    if (e instanceof StackOverflowError) {
      return Optional.of(
          "the network is nested too deeply for the stack; set SHALLOWS_JAVA_OPTS=-Xss64m");
    }
    if (message.contains("No space left on device")) {
      return Optional.of(
          "the disk is full (" + message + "); free space and run the same command again");
    }
    return Optional.empty();
  }

  /** Of the heap there may be more; what the system itself refuses has another way out. */
  private static String memory(String message) {
    if (message.contains("native thread")) {
      return "the system gives no more threads or memory ("
          + message
          + "); raise its limits, see ulimit -u and ulimit -v";
    }
    if (message.contains("Map failed") || message.contains("mmap")) {
      return "the system gives no more memory ("
          + message
          + "); stop other programs, or raise its limit, see ulimit -v";
    }
    String size =
        message.contains("Metaspace") || message.contains("class space")
            ? "-XX:MaxMetaspaceSize=512m"
            : message.contains("irect buffer") ? "-XX:MaxDirectMemorySize=2g" : "-Xmx4g";
    return "the heap is full ("
        + message
        + "); set SHALLOWS_JAVA_OPTS="
        + size
        + " for more, or train on fewer or smaller images";
  }

  /** What went wrong where a native library was unpacked or loaded; empty where none was. */
  private static Optional<String> ofLoading(Throwable thrown) {
    boolean linking = chain(thrown).anyMatch(UnsatisfiedLinkError.class::isInstance);
    boolean loading = chain(thrown).anyMatch(Failures::isOfALoader);
    if (!linking && !loading) {
      return Optional.empty();
    }
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    if (!Files.isDirectory(temporary) || !Files.isWritable(temporary)) {
      return Optional.of(
          "a native library cannot be unpacked ("
              + temporary
              + ": expected a folder that can be written); make it, or name another with"
              + " SHALLOWS_JAVA_OPTS=-Djava.io.tmpdir=FOLDER");
    }
    if (chain(thrown).anyMatch(Failures::isOfPyTorch)) {
      return Optional.of(
          "PyTorch's library cannot be unpacked or loaded ("
              + RootCause.words(thrown)
              + "); it needs 500 MB in ~/.djl.ai, or in the folder that DJL_CACHE_DIR names");
    }
    return Optional.of(
        "a native library cannot be loaded ("
            + RootCause.words(thrown)
            + "); see which systems the README names, and build on the machine you run on");
  }

  /** Whether it was thrown while a library of somebody else's was being loaded. */
  private static boolean isOfALoader(Throwable e) {
    return isOfPyTorch(e)
        || Stream.of(e.getStackTrace())
            .anyMatch(
                frame ->
                    LOADERS.contains(frame.getClassName())
                        // Loading is what the initializers of the wrappers do.
                        || frame.getMethodName().equals("<clinit>")
                            && WRAPPERS.stream().anyMatch(frame.getClassName()::startsWith));
  }

  private static boolean isOfPyTorch(Throwable e) {
    return String.valueOf(e.getMessage()).contains("PyTorch native library");
  }

  private static String defect(Throwable thrown) {
    boolean lacking = chain(thrown).anyMatch(LinkageError.class::isInstance);
    return "this is a defect of shallows, not of your input: "
        + RootCause.words(thrown)
        + (lacking ? ", a class that is missing or another; build shallows anew" : "");
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

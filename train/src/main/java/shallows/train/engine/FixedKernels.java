package shallows.train.engine;

import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import shallows.model.BadInputException;
import shallows.model.Setting;
import shallows.model.process.ProcessVariables;

/**
 * Has LibTorch compute with the same kernels on every x86-64 processor that has AVX2, so that a
 * training ends with the same bytes there. Left alone, each of its libraries takes the kernels that
 * are fastest on the processor it finds, and these add up in another order, or round elsewhere.
 *
 * <p>What they take is read from the environment of the process, once. So the variables are set
 * before LibTorch is loaded, in the environment of C, which Java's own copy does not show.
 */
final class FixedKernels {
  /**
   * The kernels of oneDNN (convolutions), of ATen (all that is done value by value) and of MKL
   * (matrices). MKL takes its AVX2 kernels on processors of Intel only, and others where another
   * company's processor is told to: {@code COMPATIBLE} is what it has for all.
   */
  static final Map<String, String> VARIABLES =
      Map.of(
          "ONEDNN_MAX_CPU_ISA", "AVX2",
          "ATEN_CPU_CAPABILITY", "avx2",
          "MKL_CBWR", "COMPATIBLE");

  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
  private static final Path LOADED = Path.of("/proc/self/maps");

  private static boolean chosen;

  private FixedKernels() {}

  /**
   * Chooses them, unless that is done.
   *
   * @throws BadInputException where this processor does not have them, or LibTorch was loaded
   *     before without them
   */
  static synchronized void choose() {
    if (chosen) {
      return;
    }
    requireProcessor(System.getProperty("os.arch"), text(PROCESSOR));
    if (!isBegunWith(System.getenv())) {
      if (Platform.isWindows()) {
        throw new BadInputException(
            Setting.REPRODUCIBLE,
            "a process that was begun with " + inWords(),
            "one without",
            "set these variables first");
      }
      if (text(LOADED).contains("libtorch_cpu")) {
        throw new BadInputException(
            Setting.REPRODUCIBLE,
            "a process that has not computed yet",
            "LibTorch loaded with the kernels of this processor",
            "ask for it first, or begin the process with " + inWords());
      }
      try {
        VARIABLES.forEach(ProcessVariables::set);
      } catch (LinkageError e) {
        throw new BadInputException(
            Setting.REPRODUCIBLE,
            "a process whose variables can be set",
            "one where they cannot (" + e.getMessage() + ")",
            "begin the process with " + inWords(),
            e);
      }
    }
    chosen = true;
  }

  /** Whether these variables say it already. */
  static boolean isBegunWith(Map<String, String> environment) {
    return environment.entrySet().containsAll(VARIABLES.entrySet());
  }

  /**
   * @param architecture as Java names it
   * @param description of the processor, as Linux gives it; empty on other systems
   */
  static void requireProcessor(String architecture, String description) {
    boolean is64Bit = architecture.equals("amd64") || architecture.equals("x86_64");
    if (!is64Bit || !description.isEmpty() && !description.matches("(?s).*\\savx2\\s.*")) {
      throw new BadInputException(
          Setting.REPRODUCIBLE,
          "an x86-64 processor with AVX2",
          is64Bit ? "one without" : architecture,
          "leave it out");
    }
  }

  private static String inWords() {
    return VARIABLES.entrySet().stream()
        .map(variable -> variable.getKey() + "=" + variable.getValue())
        .sorted()
        .collect(Collectors.joining(" "));
  }

  /** Empty where there is no such file: then it is not Linux. */
  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}

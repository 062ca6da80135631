package shallows.train.libtorch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import shallows.model.BadInputException;

/**
 * A LibTorch on this machine, by the files beside its libraries.
 *
 * @param folder of its libraries
 * @param version for example {@code "2.7.1"}
 * @param flavor what it computes on: {@code "cpu"}, {@code "cu128"} for CUDA 12.8, {@code "rocm"},
 *     or {@code "cu"} for a CUDA of which no version is known
 */
record LibTorch(Path folder, String version, String flavor) {
  static final String CPU = "cpu";

  /** The library that all others hang on; DJL, too, knows a LibTorch by it. */
  static final String LIBRARY = System.mapLibraryName("torch");

  private static final String CUDA = "cu";

  /** {@code __version__ = '2.7.1+cu126'}, {@code cuda: Optional[str] = '12.6'}. */
  private static final Pattern PYTHON_LINE =
      Pattern.compile("(?m)^(__version__|cuda|hip)\\s*(?::[^=\n]*)?=\\s*'([^'\n]+)'");

  /** A version, and perhaps a flavour behind it: {@code 2.7.1+cu128}. */
  private static final Pattern VERSION = Pattern.compile("([^+\\s]+)(?:\\+(\\S+))?\\s*");

  /** As DJL names the folders of its cache: {@code 2.7.1-20250812-cpu-linux-x86_64}. */
  private static final Pattern DJL_NAME =
      Pattern.compile("(\\d+\\.\\d+\\.\\d+)(?:-\\d+)?-(cpu|cu\\d+)(?:-precxx11)?-[a-z]+-\\w+");

  /**
   * Reads what it is: in {@code version.py} of a Python's {@code torch}, in {@code build-version}
   * of an archive, both in the folder above the libraries; in the name that DJL gave their folder;
   * or, where there is none of these, in {@code PYTORCH_VERSION} and {@code PYTORCH_FLAVOR}.
   *
   * @param folder of its libraries
   * @throws BadInputException where none of them says it
   */
  static LibTorch in(Path folder, Map<String, String> environment) {
    Path libraries = folder.toAbsolutePath().normalize();
    Path above = libraries.resolveSibling("version.py");
    Path archive = libraries.resolveSibling("build-version");
    if (Files.isRegularFile(above)) {
      return ofPython(libraries, read(above));
    }
    if (Files.isRegularFile(archive)) {
      return ofVersion(libraries, read(archive));
    }
    Matcher djl = DJL_NAME.matcher(String.valueOf(libraries.getFileName()));
    if (djl.matches()) {
      return new LibTorch(libraries, djl.group(1), djl.group(2));
    }
    Optional<String> version = Variables.said(Variables.VERSION, environment);
    if (version.isEmpty()) {
      throw new BadInputException(
          folder,
          "version.py or build-version in the folder above, which say what LibTorch it is",
          "neither",
          "name the folder as it was installed, or set "
              + Variables.VERSION
              + " and "
              + Variables.FLAVOR);
    }
    return new LibTorch(
        libraries,
        version.get(),
        Variables.said(Variables.FLAVOR, environment).orElseGet(() -> byLibraries(libraries)));
  }

  /** The same of a folder that nobody has named: where none of them says it there is none. */
  static Optional<LibTorch> stated(Path folder, Map<String, String> environment) {
    try {
      return Optional.of(in(folder, environment));
    } catch (BadInputException e) {
      return Optional.empty();
    }
  }

  private static LibTorch ofPython(Path libraries, String text) {
    String version = "";
    Optional<String> flavor = Optional.empty();
    for (Matcher line = PYTHON_LINE.matcher(text); line.find(); ) {
      switch (line.group(1)) {
        case "cuda" -> flavor = Optional.of(CUDA + line.group(2).replace(".", ""));
        case "hip" -> flavor = Optional.of("rocm");
        default -> version = line.group(2);
      }
    }
    LibTorch said = ofVersion(libraries, version);
    return flavor.map(known -> new LibTorch(libraries, said.version, known)).orElse(said);
  }

  private static LibTorch ofVersion(Path libraries, String text) {
    Matcher matcher = VERSION.matcher(text);
    if (!matcher.matches()) {
      throw new BadInputException(
          libraries, "the version of LibTorch beside it", "'" + text.strip() + "'", null);
    }
    String flavor = matcher.group(2);
    return new LibTorch(
        libraries, matcher.group(1), flavor == null ? byLibraries(libraries) : flavor);
  }

  private static String byLibraries(Path libraries) {
    return Files.exists(libraries.resolve(System.mapLibraryName("torch_cuda"))) ? CUDA : CPU;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw BadInputException.of(file, "cannot be read (" + e.getMessage() + ")", null, e);
    }
  }

  boolean isCuda() {
    return flavor.startsWith(CUDA);
  }

  /**
   * Whether DJL's library of this version fits it.
   *
   * @param cuda whether it has to compute on GPUs
   */
  boolean fits(boolean cuda) {
    return version.equals(JniLibrary.version())
        && (isCuda() || !cuda)
        && JniLibrary.flavorFor(this).isPresent();
  }

  /** For example {@code "1.13.0 for the processor in /usr/lib/python3/dist-packages/torch/lib"}. */
  String words() {
    String on =
        flavor.matches("cu\\d{3,}")
            ? "CUDA " + flavor.replaceFirst("cu(\\d+)(\\d)", "$1.$2")
            : isCuda() ? "some CUDA" : flavor.equals(CPU) ? "the processor" : flavor;
    return version + " for " + on + " in " + folder;
  }
}

package shallows.train.libtorch;

import ai.djl.util.Utils;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.train.options.Compute;

/**
 * The LibTorch to load, and how DJL is told of it.
 *
 * @param folder of the libraries of a user's; empty for those that Shallows brings, and for one
 *     that is to be downloaded
 * @param cuda whether it computes on GPUs
 * @param settings variables that DJL is to read
 * @param download whether DJL may fetch it
 */
record LibTorchChoice(
    Optional<Path> folder, boolean cuda, Map<String, String> settings, boolean download) {

  /**
   * For a GPU the first of: the folder that {@code PYTORCH_LIBRARY_PATH} names, the PyTorch of the
   * Python on the PATH, what DJL has downloaded before, what it may download now. For the processor
   * the folder that is named, else what Shallows brings; nobody looks for another.
   *
   * @throws BadInputException where the folder named does not fit, or there is none for a GPU
   */
  static LibTorchChoice of(Compute compute, Map<String, String> environment) {
    boolean cuda = !compute.gpus().isEmpty();
    if (cuda && !JniLibrary.isThereForCuda()) {
      throw new BadInputException(
          device(compute),
          "Linux or Windows on x86-64, where DJL computes on GPUs",
          JniLibrary.platform(),
          Phrase.of("take %s cpu", Setting.DEVICE));
    }
    Optional<String> named = Variables.said(Variables.FOLDER, environment);
    LibTorchChoice choice;
    if (named.isPresent()) {
      choice = ofUser(named(named.get(), compute, environment));
    } else if (cuda) {
      choice = found(compute, environment);
    } else {
      choice = new LibTorchChoice(Optional.empty(), false, Map.of(), false);
    }
    choice.requireNoOther(environment);
    return choice;
  }

  private static LibTorch named(String path, Compute compute, Map<String, String> environment) {
    if (compute.reproducible()) {
      throw new BadInputException(
          Setting.REPRODUCIBLE,
          "the LibTorch that Shallows brings",
          Variables.FOLDER + "=" + path,
          "unset the variable");
    }
    boolean cuda = !compute.gpus().isEmpty();
    Path folder =
        Arrays.stream(path.split(File.pathSeparator))
            .filter(entry -> !entry.isEmpty())
            .map(Path::of)
            .map(
                entry ->
                    entry.endsWith(LibTorch.LIBRARY) ? entry.toAbsolutePath().getParent() : entry)
            .filter(entry -> Files.isRegularFile(entry.resolve(LibTorch.LIBRARY)))
            .findFirst()
            .orElseThrow(
                () ->
                    new BadInputException(
                        Variables.FOLDER,
                        "a folder with " + LibTorch.LIBRARY,
                        path,
                        "name the folder torch/lib of a Python, or lib of an archive of LibTorch"));
    LibTorch torch = LibTorch.in(folder, environment);
    if (!torch.fits(cuda)) {
      throw new BadInputException(
          Variables.FOLDER,
          wanted(cuda),
          torch.words(),
          cuda
              ? "name another, or unset it to have one found"
              : "name another, or unset it for the one that Shallows brings");
    }
    return torch;
  }

  private static LibTorchChoice found(Compute compute, Map<String, String> environment) {
    PythonTorch python = PythonTorch.ask();
    Optional<LibTorch> ofPython =
        python
            .folder()
            .filter(folder -> Files.isRegularFile(folder.resolve(LibTorch.LIBRARY)))
            .flatMap(folder -> LibTorch.stated(folder, environment));
    Optional<LibTorch> fitting =
        ofPython.filter(torch -> torch.fits(true)).or(() -> downloaded(environment));
    if (fitting.isPresent()) {
      return ofUser(fitting.get());
    }
    if (!compute.downloadTorch()) {
      throw new BadInputException(
          device(compute),
          wanted(true),
          ofPython
              .map(LibTorch::words)
              .or(
                  () ->
                      python
                          .folder()
                          .map(folder -> "no LibTorch that says its version in " + folder))
              .orElse(python.found()),
          Phrase.of(
              "install it with python3 -m pip install torch==%s, name the folder of its libraries"
                  + " in %s, or let it be downloaded (2.5 GB) with %s",
              JniLibrary.version(), Variables.FOLDER, Setting.DOWNLOAD_TORCH));
    }
    // DJL takes what lies on the class path where it has the version asked for. So it is asked for
    // one that is the same but for a number behind it, of which it downloads the same files.
    return new LibTorchChoice(
        Optional.empty(),
        true,
        Map.of(
            Variables.VERSION,
            JniLibrary.version() + "-0",
            Variables.FLAVOR,
            JniLibrary.CUDA_FLAVOR),
        true);
  }

  /** One for GPUs in DJL's cache. */
  private static Optional<LibTorch> downloaded(Map<String, String> environment) {
    Path cache = Utils.getEngineCacheDir("pytorch");
    if (!Files.isDirectory(cache)) {
      return Optional.empty();
    }
    try (Stream<Path> folders = Files.list(cache)) {
      return folders
          .filter(folder -> Files.isRegularFile(folder.resolve(LibTorch.LIBRARY)))
          .filter(folder -> folder.getFileName().toString().contains("-cu"))
          .sorted()
          .map(folder -> LibTorch.in(folder, environment))
          .filter(torch -> torch.fits(true))
          .findFirst();
    } catch (IOException e) {
      throw BadInputException.of(cache, "cannot be read (" + e.getMessage() + ")", null, e);
    }
  }

  private static LibTorchChoice ofUser(LibTorch torch) {
    return new LibTorchChoice(
        Optional.of(torch.folder()),
        torch.isCuda(),
        Map.of(
            Variables.FOLDER,
            torch.folder().toString(),
            Variables.VERSION,
            torch.version(),
            Variables.FLAVOR,
            JniLibrary.flavorFor(torch).orElseThrow()),
        false);
  }

  /** Variables win over what DJL is told here. */
  private void requireNoOther(Map<String, String> environment) {
    for (String name : new String[] {Variables.VERSION, Variables.FLAVOR}) {
      String said = environment.get(name);
      String needed =
          settings.getOrDefault(name, name.equals(Variables.VERSION) ? JniLibrary.version() : said);
      if (said != null && !said.isEmpty() && !said.equals(needed)) {
        throw new BadInputException(name, needed, said, "unset it");
      }
    }
  }

  static Phrase device(Compute compute) {
    return Phrase.of("%s %s", Setting.DEVICE, compute.device());
  }

  static String wanted(boolean cuda) {
    return "LibTorch " + JniLibrary.version() + (cuda ? " for CUDA 12" : "");
  }
}

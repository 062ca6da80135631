package shallows.export.convert;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** ONNX files that Debian's PyTorch writes, once a build. */
final class TorchvisionFiles {
  private static final Path PYTHON = Path.of("/usr/bin/python3");
  private static final Path FOLDER = Path.of("target", "torchvision");
  private static final String SCRIPT = "torchvision_networks.py";
  private static final String LIST = "list.txt";
  private static final long SECONDS = 600;

  /** Asked once: it takes as long as a script. */
  private static final Map<String, Boolean> IMPORTED = new ConcurrentHashMap<>();

  private TorchvisionFiles() {}

  /** The network's file; PyTorch must be installed. */
  static Path export(String name) {
    export(List.of(name));
    return file(name);
  }

  /** Has one process write the files that are not there, as it takes seconds to begin. */
  static void export(Collection<String> names) {
    String[] missing =
        names.stream().filter(name -> !Files.exists(file(name))).toArray(String[]::new);
    if (missing.length > 0) {
      runs(SCRIPT, FOLDER, missing);
    }
  }

  private static Path file(String name) {
    return FOLDER.resolve(name + ".onnx");
  }

  /** The parameters of each classifier that there is, or null where PyTorch is not installed. */
  static Map<String, Long> list() throws IOException {
    if (!Files.exists(FOLDER.resolve(LIST)) && !runs(SCRIPT, FOLDER)) {
      return null;
    }
    Map<String, Long> networks = new LinkedHashMap<>();
    for (String line : Files.readAllLines(FOLDER.resolve(LIST))) {
      int blank = line.indexOf(' ');
      networks.put(line.substring(0, blank), Long.valueOf(line.substring(blank + 1)));
    }
    return networks;
  }

  /** Of torchvision; it has written its list. */
  static String version() throws IOException {
    return Files.readString(FOLDER.resolve("version.txt"));
  }

  /** Whether the script makes the fully connected layers narrow, which are most of the network. */
  static boolean isNarrowed(String name) {
    return name.startsWith("vgg") || name.equals("alexnet");
  }

  /**
   * Runs a script of ours with a folder for its files and more arguments; false where PyTorch is
   * not installed.
   */
  static boolean runs(String script, Path folder, String... arguments) {
    if (!imports("torchvision, torch.onnx")) {
      return false;
    }
    try (InputStream content =
        TorchvisionFiles.class.getResourceAsStream("/shallows/export/" + script)) {
      Files.createDirectories(folder);
      Path copy = folder.resolve(script);
      Files.copy(content, copy, StandardCopyOption.REPLACE_EXISTING);
      List<String> all = new ArrayList<>(List.of(copy.toString(), folder.toString()));
      all.addAll(List.of(arguments));
      int status = run(all);
      if (status != 0) {
        throw new AssertionError("PyTorch did not write " + all + ": status " + status);
      }
      return true;
    } catch (IOException e) {
      throw new AssertionError("cannot write " + folder, e);
    }
  }

  /** Whether Debian's Python has these modules. */
  static boolean imports(String modules) {
    return IMPORTED.computeIfAbsent(
        modules, all -> Files.exists(PYTHON) && run(List.of("-c", "import " + all)) == 0);
  }

  private static int run(List<String> arguments) {
    try {
      Process process =
          new ProcessBuilder(
                  Stream.concat(Stream.of(PYTHON.toString()), arguments.stream()).toList())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return -1;
      }
      return process.exitValue();
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }
}

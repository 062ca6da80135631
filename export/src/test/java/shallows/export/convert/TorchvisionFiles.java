package shallows.export.convert;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** ONNX files that Debian's PyTorch writes, once a build. */
final class TorchvisionFiles {
  private static final Path PYTHON = Path.of("/usr/bin/python3");
  private static final Path FOLDER = Path.of("target", "torchvision");
  private static final long SECONDS = 300;

  private TorchvisionFiles() {}

  /**
   * Where {@link #export} puts a network.
   *
   * @param network its name and the size of its image, {@code resnet18=64}
   */
  static Path file(String network) {
    return FOLDER.resolve(network.substring(0, network.indexOf('=')) + ".onnx");
  }

  /**
   * Writes what is not there yet in one process, as importing PyTorch takes longer than exporting a
   * network; false where PyTorch is not installed.
   *
   * @param networks as in {@link #file}
   */
  static boolean export(Stream<String> networks) {
    String[] missing =
        networks.filter(network -> !Files.exists(file(network))).toArray(String[]::new);
    return missing.length == 0 || runs("torchvision_networks.py", FOLDER, missing);
  }

  /**
   * Runs a script of ours with a folder for its files and more arguments; false where PyTorch is
   * not installed.
   */
  static boolean runs(String script, Path folder, String... arguments) {
    if (!Files.exists(PYTHON) || run(List.of("-c", "import torchvision, torch.onnx")) != 0) {
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

package shallows.train.libtorch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Where the Python of the PATH has PyTorch. Python itself is asked, since virtual environments,
 * pyenv, conda and folders of a user each have a place of their own; PyTorch is found by it, not
 * imported, so nothing of it runs.
 *
 * @param folder of LibTorch's libraries, if it has one
 * @param found in words what was found instead
 */
record PythonTorch(Optional<Path> folder, String found) {
  private static final String PYTHON =
      System.getProperty("os.name").startsWith("Windows") ? "python" : "python3";

  /** Without what happens to lie in the working folder, which Python looks at first. */
  private static final String QUESTION =
      """
      import sys
      sys.path = [entry for entry in sys.path if entry]
      import importlib.util
      spec = importlib.util.find_spec('torch')
      places = spec.submodule_search_locations if spec else None
      print(places[0] if places else '')
      """;

  /** Long, for a busy machine and a Python that lies on another. */
  private static final long PATIENCE_S = 60;

  static PythonTorch ask() {
    ProcessBuilder builder =
        new ProcessBuilder(List.of(PYTHON, "-c", QUESTION))
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("PYTHONIOENCODING", "utf-8");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return new PythonTorch(Optional.empty(), "no " + PYTHON + " on the PATH");
    }
    try {
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
        return nothing(" that did not answer in " + PATIENCE_S + " s");
      }
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.exitValue() != 0 || said.isEmpty()
          ? nothing(" without PyTorch")
          : new PythonTorch(Optional.of(Path.of(said, "lib")), "");
    } catch (IOException e) {
      return nothing(" that cannot be asked (" + e.getMessage() + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return nothing(" that was not waited for");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static PythonTorch nothing(String why) {
    return new PythonTorch(Optional.empty(), "a " + PYTHON + " on the PATH" + why);
  }
}

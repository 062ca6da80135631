package shallows.export.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;

/** Has npm install what a lock file names. */
final class NodePackages {
  /**
   * What npm is asked for; it reads its settings from variables too. No script of a package runs.
   */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "npm_config_ignore_scripts", "true",
          "npm_config_audit", "false",
          "npm_config_fund", "false",
          "npm_config_update_notifier", "false",
          "npm_config_prefer_offline", "true",
          "npm_config_fetch_retries", "1");

  private NodePackages() {}

  /**
   * @param npm the program
   * @param folder with {@code package.json} and {@code package-lock.json}
   * @param what for the message
   * @throws BadInputException when there is no npm, or it fails
   */
  static void install(String npm, Path folder, String what) {
    Path log = folder.resolve("npm.log");
    ProcessBuilder builder =
        new ProcessBuilder(npm, "ci")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(SETTINGS);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new BadInputException(
          npm,
          "a program that fetches " + what,
          "none",
          Phrase.of(
              "install npm (with Node.js), or name the unpacked package with %s", Setting.RUNTIME),
          e);
    }
    if (ended(process) != 0) {
      throw new BadInputException(
          npm,
          what + " fetched",
          reason(log),
          Phrase.of("check the network, or name the unpacked package with %s", Setting.RUNTIME));
    }
  }

  /** Whoever ends this process means npm too. */
  private static int ended(Process process) {
    Thread together = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(together);
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      throw new IllegalStateException("interrupted while npm worked", e);
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(together);
      } catch (IllegalStateException e) {
        // Both are being ended.
      }
    }
  }

  private static String reason(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return lines.stream()
          .filter(line -> line.contains("ERR") || line.contains("error"))
          .map(line -> line.replaceFirst("^npm (ERR!|error) ", "").strip())
          .filter(line -> !line.isEmpty())
          .limit(2)
          .reduce((code, message) -> code + ", " + message)
          .orElse("a failure that it gives no reason of");
    } catch (IOException e) {
      return "a failure";
    }
  }

  static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder.toString(), e);
    }
  }
}

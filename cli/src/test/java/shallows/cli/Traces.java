package shallows.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a command has left in a folder that was empty. */
final class Traces {
  private Traces() {}

  /** Everything below the folder, folders too, but for those that only lead to something. */
  static List<String> in(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      return paths
          .filter(path -> !path.equals(folder) && (!Files.isDirectory(path) || isEmpty(path)))
          .map(path -> folder.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  private static boolean isEmpty(Path folder) {
    String[] entries = folder.toFile().list();
    return entries != null && entries.length == 0;
  }
}

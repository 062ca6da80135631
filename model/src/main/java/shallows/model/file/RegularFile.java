package shallows.model.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Files that come to an end: a pipe or a device may never do, and to open one may take for ever.
 * Links are followed; where they must not be, that is {@link PlainFile}.
 */
public final class RegularFile {
  private RegularFile() {}

  /**
   * All of it.
   *
   * @throws IOException when it is missing, a folder, a pipe or a device, or cannot be read
   */
  public static byte[] bytes(Path file) throws IOException {
    require(file);
    return Files.readAllBytes(file);
  }

  /**
   * Its lines, of text in UTF-8.
   *
   * @throws IOException likewise, and when it is no such text
   */
  public static List<String> lines(Path file) throws IOException {
    require(file);
    return Files.readAllLines(file, StandardCharsets.UTF_8);
  }

  /**
   * To be read piece by piece.
   *
   * @throws IOException likewise
   */
  public static InputStream open(Path file) throws IOException {
    require(file);
    return Files.newInputStream(file);
  }

  private static void require(Path file) throws IOException {
    // What is missing, and folders, the system names by itself.
    if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
      throw new IOException("a pipe or device, where a file is needed");
    }
  }
}

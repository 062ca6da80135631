package shallows.export.bundle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import shallows.model.BadInputException;

/**
 * {@code SHA256SUMS}: a line for each other file of a folder, as {@code sha256sum --check} reads
 * it.
 */
final class Checksums {
  static final String FILE = "SHA256SUMS";

  private Checksums() {}

  /** Of a file's content, in hexadecimal digits. */
  static String of(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The file's content for these sums by file. */
  static String lines(Map<String, String> sums) {
    StringBuilder lines = new StringBuilder();
    new TreeMap<>(sums).forEach((file, sum) -> lines.append(sum + "  " + file + "\n"));
    return lines.toString();
  }

  /**
   * Compares every file that is listed.
   *
   * @return the contents by file
   * @throws BadInputException naming the first file that is missing or another
   */
  static Map<String, byte[]> check(Path folder) {
    Path list = folder.resolve(FILE);
    Map<String, byte[]> contents = new TreeMap<>();
    for (String line : new String(bytes(list), StandardCharsets.UTF_8).split("\n")) {
      if (!line.matches("[0-9a-f]{64}  [^./\\\\][^/\\\\]*")) {
        throw new BadInputException(
            list + ": expected a sum and a file in each line, found damage; verify the run again");
      }
      Path file = folder.resolve(line.substring(66));
      byte[] content = bytes(file);
      if (!of(content).equals(line.substring(0, 64))) {
        throw new BadInputException(
            file
                + ": expected the content that "
                + FILE
                + " names, found another; verify the run"
                + " again, or copy its bundle again");
      }
      contents.put(line.substring(66), content);
    }
    return contents;
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new BadInputException(
          file
              + ": expected a file of a bundle, found none that can be read; verify the run again,"
              + " or copy its bundle again",
          e);
    }
  }
}

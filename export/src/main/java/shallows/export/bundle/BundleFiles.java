package shallows.export.bundle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;
import shallows.model.file.PlainFile;
import shallows.model.file.Sha256;

/**
 * A bundle to be handed on: all of its files, with the checksums that they were written with.
 *
 * @param files content by name
 */
public record BundleFiles(Bundle description, SortedMap<String, byte[]> files) {
  static final String SUMS = "SHA256SUMS";
  private static final int SUM = 64;

  /**
   * @throws BadInputException when the folder is no bundle, or a file of it is missing or another
   */
  public static BundleFiles read(Path folder) {
    SortedMap<String, byte[]> files = new TreeMap<>();
    files.put(SUMS, bytes(folder, SUMS));
    for (String line : new String(files.get(SUMS), StandardCharsets.UTF_8).split("\n")) {
      // The sum, two spaces, the name.
      String name = line.length() > SUM + 2 ? line.substring(SUM + 2) : "";
      if (!name.matches("[^./\\\\][^/\\\\]*")) {
        throw new BadInputException(
            folder.resolve(SUMS), "checksums of files", line, "verify the run again");
      }
      byte[] content = bytes(folder, name);
      if (!Sha256.of(content).equals(line.substring(0, SUM))) {
        throw new BadInputException(
            folder.resolve(name), "the bytes that were verified", "others", "verify the run again");
      }
      files.put(name, content);
    }
    String description = new String(bytes(folder, Bundle.FILE), StandardCharsets.UTF_8);
    return new BundleFiles(
        Bundle.FORMAT.parse(description, folder.resolve(Bundle.FILE).toString()), files);
  }

  private static byte[] bytes(Path folder, String name) {
    try {
      return PlainFile.bytes(folder.resolve(name));
    } catch (IOException e) {
      throw new BadInputException(
          folder.resolve(name),
          "a file of a bundle",
          "none that can be read (" + IoReason.of(e) + ")",
          "verify the run again",
          e);
    }
  }
}

package shallows.pipeline.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.file.IoReason;

/**
 * {@code broken-images.txt} of a run folder: the pictures that do not decode, a line each, whether
 * they ended the run or were left out. There is none where all decode.
 */
public final class BrokenImages {
  static final String NAME = "broken-images.txt";

  private BrokenImages() {}

  /**
   * Writes the list, or removes that of before where it is empty.
   *
   * @return the file
   */
  public static Path list(RunFolder folder, List<String> broken) {
    Path file = folder.root().resolve(NAME);
    try {
      // Not through a link of this name, which may lead anywhere.
      Files.deleteIfExists(file);
      if (!broken.isEmpty()) {
        Files.createDirectories(folder.root());
        Files.write(file, broken, StandardOpenOption.CREATE_NEW);
      }
      return file;
    } catch (IOException e) {
      throw BadInputException.of(
          file,
          "cannot be written (" + IoReason.of(e) + ")",
          Phrase.of("free space or choose another %s", Setting.OUT),
          e);
    }
  }
}

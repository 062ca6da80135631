package shallows.pipeline.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import shallows.data.folder.ImageFolderReader;
import shallows.data.folder.PictureSearch;
import shallows.data.sets.DataSets;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;
import shallows.model.file.RegularFile;

/** The pictures that somebody names: files, folders of them however deep, or lists. */
public final class PictureArguments {
  private PictureArguments() {}

  /**
   * Of a folder all pictures below it, in the order of their names; of a text file ({@code .txt})
   * the file in each of its lines, found from the folder of the list; else the file itself.
   *
   * @throws BadInputException when a folder or a list names no picture, or cannot be read
   */
  public static List<Path> pictures(Path named) {
    List<Path> pictures =
        Files.isDirectory(named)
            ? new PictureSearch().in(named)
            : isList(named) ? listed(named) : List.of(named);
    if (pictures.isEmpty()) {
      throw new BadInputException(named, "pictures", "none", "name others");
    }
    return pictures;
  }

  /** Whether a picture was found in something that was named, and not named itself. */
  static boolean isCollection(Path named) {
    return Files.isDirectory(named) || isList(named);
  }

  /**
   * Whether what was named as data holds pictures and no classes: a list, or a folder that has
   * pictures and no folder within.
   *
   * @param data the name of a set, or a path
   */
  public static boolean areWithoutClasses(String data) {
    if (DataSets.NAMES.contains(data) || data.indexOf(0) >= 0) {
      return false;
    }
    Path named = Path.of(data);
    return isList(named)
        || Files.isDirectory(named)
            && !ImageFolderReader.hasFolders(named)
            && !new PictureSearch().in(named).isEmpty();
  }

  private static boolean isList(Path named) {
    return named.toString().toLowerCase(Locale.ROOT).endsWith(".txt");
  }

  private static List<Path> listed(Path list) {
    try {
      return RegularFile.lines(list).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .map(list::resolveSibling)
          .toList();
    } catch (IOException | InvalidPathException e) {
      throw new BadInputException(
          list,
          "a text with a picture in each line",
          e instanceof IOException reason ? IoReason.of(reason) : e.getMessage(),
          "check its name and content",
          e);
    }
  }
}

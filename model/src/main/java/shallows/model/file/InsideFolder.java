package shallows.model.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import shallows.model.BadInputException;

/**
 * Whether files are really where their names say. A link in the place of a folder leads elsewhere:
 * what is removed or written through it is somebody else's.
 */
public final class InsideFolder {
  private InsideFolder() {}

  /**
   * @param folder itself may be reached by links; they are what somebody asked for
   * @param name of a file in it, relative, perhaps in folders of its own, perhaps not there
   * @return the file, its own name perhaps a link
   * @throws BadInputException when it lies elsewhere
   */
  public static Path file(Path folder, String name) {
    Path file = folder.resolve(name);
    Path above = file.getParent();
    while (!above.equals(folder) && !Files.exists(above, LinkOption.NOFOLLOW_LINKS)) {
      above = above.getParent();
      if (above == null) {
        throw elsewhere(file, folder);
      }
    }
    try {
      if (!Files.exists(folder) || above.toRealPath().startsWith(folder.toRealPath())) {
        return file;
      }
    } catch (IOException e) {
      throw BadInputException.of(
          above, "cannot be looked at (" + IoReason.of(e) + ")", "check the disk", e);
    }
    throw elsewhere(file, folder);
  }

  private static BadInputException elsewhere(Path file, Path folder) {
    return new BadInputException(
        file,
        "a file in " + folder,
        "one elsewhere, by a link or two dots",
        "remove the link; nothing was removed or written");
  }
}

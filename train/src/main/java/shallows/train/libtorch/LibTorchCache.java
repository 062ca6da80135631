package shallows.train.libtorch;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;

/**
 * Where LibTorch is unpacked for a user whose home cannot be written, as in many containers. DJL
 * would take a folder of the temporary one that everybody can guess: whoever made it first would
 * have their libraries loaded.
 */
final class LibTorchCache {
  private static final Set<PosixFilePermission> OURS_ALONE =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private LibTorchCache() {}

  /**
   * The folder to take instead of the one in the home; empty where that does, or another is named.
   *
   * @throws BadInputException when somebody else owns the place, or it cannot be made
   */
  static Optional<Path> instead(Map<String, String> environment) {
    if (Variables.said(Variables.CACHE, environment).isPresent()
        || Files.isWritable(Path.of(System.getProperty("user.home")))) {
      return Optional.empty();
    }
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    return Optional.of(ofUserAlone(temporary, System.getProperty("user.name")));
  }

  static Path ofUserAlone(Path temporary, String user) {
    Path folder = temporary.resolve("shallows-" + user.replaceAll("[^\\w.-]", "_"));
    try {
      if (!Files.getFileStore(temporary).supportsFileAttributeView("posix")) {
        return Files.createDirectories(folder);
      }
      try {
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OURS_ALONE));
      } catch (FileAlreadyExistsException e) {
        requireOurs(temporary, folder);
      }
      return folder;
    } catch (IOException e) {
      throw new BadInputException(
          folder,
          "a folder that LibTorch can be unpacked into, as the home cannot be written",
          IoReason.of(e),
          "name another in " + Variables.CACHE,
          e);
    }
  }

  /** Who we are, only a file of ours tells on every system. */
  private static void requireOurs(Path temporary, Path folder) throws IOException {
    Path own = Files.createTempFile(temporary, "shallows-", ".owner");
    try {
      boolean ours =
          Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
              && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(own))
              && OURS_ALONE.containsAll(
                  Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS));
      if (!ours) {
        throw new BadInputException(
            folder,
            "a folder that is its user's alone, for LibTorch, as the home cannot be written",
            "something that others can write",
            "remove it, or name another folder in " + Variables.CACHE);
      }
    } finally {
      Files.delete(own);
    }
  }
}

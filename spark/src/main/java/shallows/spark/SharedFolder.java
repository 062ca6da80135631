package shallows.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;
import shallows.model.file.LockedFile;

/**
 * The folder of a list of jobs while the list is being done. A file in it is locked, by which
 * whoever does a job knows that this is the folder that is meant, on storage that all machines
 * share, and that locks are seen on all of them: on those it rests that nothing is done twice.
 */
final class SharedFolder {
  static final String FILE = ".jobs.lock";

  private final LockedFile file;

  private SharedFolder(LockedFile file) {
    this.file = file;
  }

  /** Makes the folder if need be, and locks its file beside everybody else who does so. */
  static SharedFolder hold(Path root) {
    try {
      Files.createDirectories(root);
      return new SharedFolder(LockedFile.share(root.resolve(FILE)));
    } catch (IOException e) {
      throw new BadInputException(
          root,
          "a folder that can be written, with locks",
          "none (" + IoReason.of(e) + ")",
          "choose another folder",
          e);
    }
  }

  /**
   * Where a job is done.
   *
   * @param freeBytes that there must be at least
   * @throws BadInputException when it is another folder, or one whose locks are not seen here
   */
  static void require(Path root, long freeBytes) {
    try {
      if (!LockedFile.isLocked(root.resolve(FILE))) {
        throw new BadInputException(
            root,
            "a folder whose locks all machines see",
            "that its lock is not seen here",
            "mount it with locks, or choose another folder");
      }
      long free = Files.getFileStore(root).getUsableSpace();
      if (free < freeBytes) {
        throw new BadInputException(
            root, freeBytes + " bytes of space", free + " bytes", "free some");
      }
    } catch (IOException e) {
      throw new BadInputException(
          root,
          "the folder of the jobs, on storage that all machines share, for this user to write",
          "another or none (" + IoReason.of(e) + ")",
          "mount it at the same path everywhere",
          e);
    }
  }

  /** Lets it go. */
  void close() {
    file.close();
  }
}

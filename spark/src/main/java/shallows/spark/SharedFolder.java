package shallows.spark;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;

/**
 * The folder of a list of jobs while the list is being done. A file in it is locked, by which
 * whoever does a job knows that this is the folder that is meant, on storage that all machines
 * share, and that locks are seen on all of them: on those it rests that nothing is done twice.
 */
final class SharedFolder {
  static final String FILE = ".jobs.lock";

  private final FileChannel channel;

  private SharedFolder(FileChannel channel) {
    this.channel = channel;
  }

  /** Makes the folder if need be, and locks its file beside everybody else who does so. */
  static SharedFolder hold(Path root) {
    try {
      Files.createDirectories(root);
      FileChannel channel =
          FileChannel.open(
              root.resolve(FILE),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      try {
        channel.lock(0, Long.MAX_VALUE, true);
      } catch (OverlappingFileLockException e) {
        // Another list of this process is done in this folder: it is locked.
      } catch (IOException e) {
        channel.close();
        throw e;
      }
      return new SharedFolder(channel);
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
    Path file = root.resolve(FILE);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (isFree(channel)) {
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

  private static boolean isFree(FileChannel channel) throws IOException {
    try (FileLock lock = channel.tryLock()) {
      return lock != null;
    } catch (OverlappingFileLockException e) {
      // Held by this process, which then does the jobs itself.
      return false;
    }
  }

  /** Lets it go. */
  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException("the lock of a folder of jobs cannot be released", e);
    }
  }
}

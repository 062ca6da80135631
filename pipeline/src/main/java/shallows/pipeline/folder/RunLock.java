package shallows.pipeline.folder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.file.IoReason;

/** Keeps other processes out of a run folder until it is closed or its process ends. */
public final class RunLock implements AutoCloseable {
  private final FileChannel channel;
  private final Path file;

  /**
   * What the system tells the locked file by, whatever it is called; null where it tells nothing.
   */
  private final Object key;

  private RunLock(FileChannel channel, Path file) throws IOException {
    this.channel = channel;
    this.file = file;
    this.key = key(file);
  }

  /**
   * Makes the folder if need be, locks it, and removes what a killed process left unfinished.
   *
   * @throws BadInputException when another process works in it, or it cannot be written
   */
  public static RunLock take(RunFolder folder) {
    Path file = folder.root().resolve(RunFolder.LOCK);
    try {
      Files.createDirectories(folder.root());
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        requireLock(channel, folder);
        Removal.leftovers(folder);
        return new RunLock(channel, file);
      } catch (IOException | RuntimeException e) {
        // Else nobody in this process could take it any more.
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new BadInputException(
          folder.root(),
          "a folder that can be written",
          "none (" + IoReason.of(e) + ")",
          "make it writable, or choose another",
          e);
    }
  }

  /** The system lets go of it when the process ends, however it ends; the file may stay. */
  private static void requireLock(FileChannel channel, RunFolder folder) throws IOException {
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Taken by another thread of this process: the same answer.
    }
    if (lock == null) {
      throw new BadInputException(
          folder.root(),
          null,
          "another shallows process works in this folder",
          Phrase.of("wait for it or choose another %s", Setting.OUT));
    }
  }

  /**
   * @throws BadInputException when somebody has removed the folder since, or put another there:
   *     that one nobody has locked
   */
  void requireFolder() {
    try {
      if (Objects.equals(key, key(file))) {
        return;
      }
    } catch (IOException e) {
      // Nothing is there.
    }
    throw new BadInputException(
        file.getParent(),
        "the folder that this run works in",
        "that it was removed meanwhile",
        "remove what is left of it, and give the same command again");
  }

  private static Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException("the lock of a run folder cannot be released", e);
    }
  }
}

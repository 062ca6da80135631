package shallows.pipeline.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.file.IoReason;
import shallows.model.file.LockedFile;

/** Keeps everybody else out of a run folder until it is closed or its process ends. */
public final class RunLock implements AutoCloseable {
  private final LockedFile file;
  private final RunFolder folder;

  /** Folders that were not there when it was taken, from that around the run outwards. */
  private final List<Path> made;

  private RunLock(LockedFile file, RunFolder folder, List<Path> made) {
    this.file = file;
    this.folder = folder;
    this.made = made;
  }

  /**
   * Makes the folder if need be, locks it, and removes what a killed process left unfinished.
   *
   * @throws BadInputException when somebody else works in it, or it cannot be written
   */
  public static RunLock take(RunFolder folder) {
    Path path = folder.root().resolve(RunFolder.LOCK);
    List<Path> missing = missingAround(folder.root());
    try {
      Files.createDirectories(folder.root());
      // The system lets go of it when the process ends, however it ends; the file may stay.
      LockedFile file = LockedFile.tryLock(path).orElseThrow(() -> busy(folder));
      try {
        Removal.leftovers(folder);
        return new RunLock(file, folder, missing);
      } catch (RuntimeException e) {
        // Else nobody in this process could take it any more.
        file.close();
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

  private static List<Path> missingAround(Path root) {
    return Stream.iterate(root.toAbsolutePath().getParent(), Objects::nonNull, Path::getParent)
        .takeWhile(Files::notExists)
        .toList();
  }

  /** The run is gone: folders that were made for it go too, as far as nothing else is in them. */
  void removeMade() {
    try {
      for (Path folder : made) {
        Files.delete(folder);
      }
    } catch (IOException e) {
      // Somebody else has put something there meanwhile.
    }
  }

  private static BadInputException busy(RunFolder folder) {
    return new BadInputException(
        folder.root(),
        null,
        "another shallows process works in this folder",
        Phrase.of("wait for it or choose another %s", Setting.OUT));
  }

  /**
   * @throws BadInputException when somebody has removed the folder since, or put another there:
   *     that one nobody has locked
   */
  void requireFolder() {
    if (!file.isInPlace()) {
      throw new BadInputException(
          folder.root(),
          "the folder that this run works in",
          "that it was removed meanwhile",
          "remove what is left of it, and give the same command again");
    }
  }

  @Override
  public void close() {
    file.close();
  }
}

package shallows.pipeline.convert;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;

/** A folder for files that nobody is to see before they are checked. */
record TemporaryFolder(Path path) implements AutoCloseable {
  /**
   * @throws BadInputException when the system has no room for one
   */
  static TemporaryFolder create() {
    try {
      return new TemporaryFolder(Files.createTempDirectory("shallows-convert"));
    } catch (IOException e) {
      throw BadInputException.of(
          Path.of(System.getProperty("java.io.tmpdir")),
          "cannot be written (" + IoReason.of(e) + ")",
          "make it writable, or free space",
          e);
    }
  }

  /**
   * Removes it with its files. What cannot be removed stays among what is temporary, which the
   * system clears away; what was asked for is done by then.
   */
  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException | UncheckedIOException e) {
      return;
    }
  }
}

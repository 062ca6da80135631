package shallows.export.convert;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;

/**
 * A folder for files that nobody is to see before they are checked, and that nobody else can look
 * into. It is gone when it is closed, or when the process is told to end.
 */
public final class TemporaryFolder implements AutoCloseable {
  private final Path path;
  private final Thread ending;

  private TemporaryFolder(Path path) {
    this.path = path;
    this.ending = new Thread(this::remove, "temporary-folder");
  }

  /**
   * @throws BadInputException when the system has no room for one
   */
  public static TemporaryFolder create() {
    try {
      TemporaryFolder folder = new TemporaryFolder(Files.createTempDirectory("shallows-convert"));
      Runtime.getRuntime().addShutdownHook(folder.ending);
      return folder;
    } catch (IOException e) {
      throw full(e);
    }
  }

  public Path path() {
    return path;
  }

  /** Makes a file in it. */
  @FunctionalInterface
  interface Making {
    /**
     * @throws IOException when there is no room
     * @throws BadInputException likewise, with that as its cause
     */
    void make(Path file) throws IOException;
  }

  /**
   * A new file in it.
   *
   * @throws BadInputException naming the temporary folder, when there is no room
   */
  Path file(String name, Making making) {
    Path file = path.resolve(name);
    try {
      making.make(file);
      return file;
    } catch (IOException e) {
      throw full(e);
    } catch (BadInputException e) {
      // Nobody asked for that file.
      if (e.getCause() instanceof IOException cause && e.getMessage().startsWith(file.toString())) {
        throw full(cause);
      }
      throw e;
    }
  }

  private static BadInputException full(IOException e) {
    return BadInputException.of(
        Path.of(System.getProperty("java.io.tmpdir")),
        "cannot be written (" + IoReason.of(e) + ")",
        "make it writable, or free space",
        e);
  }

  /**
   * Removes it with its files. What cannot be removed stays among what is temporary, which the
   * system clears away; what was asked for is done by then.
   */
  @Override
  public void close() {
    remove();
    try {
      Runtime.getRuntime().removeShutdownHook(ending);
    } catch (IllegalStateException e) {
      // The process ends already.
    }
  }

  private void remove() {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      return;
    }
  }
}

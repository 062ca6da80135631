package shallows.model.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;
import java.util.function.Predicate;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;

/**
 * Writes a file beside its name and moves it into place when it is whole, so that a reader sees the
 * old content or the new one, never a part, whenever the process is killed.
 */
public final class AtomicFile {
  /** Letters of a name; some systems allow 255 bytes, and a letter has up to four. */
  private static final int LONGEST = 50;

  private AtomicFile() {}

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * @param out buffered; the caller closes it
     * @throws IOException when writing fails
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes {@code file}, with its folder if that is missing.
   *
   * @throws BadInputException when the file cannot be written (disk full, no permission); the old
   *     file, if there was one, is untouched
   */
  public static void write(Path file, Content content) {
    Path target = file.toAbsolutePath();
    Path unfinished = unfinished(target);
    boolean whole = false;
    try {
      Files.createDirectories(target.getParent());
      try (FileChannel channel = begun(unfinished);
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
        content.writeTo(out);
        out.flush();
        // Without this a power cut after the move may leave an empty file under the final name.
        channel.force(true);
      }
      Files.move(
          unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      whole = true;
    } catch (IOException e) {
      throw refused(file, target, e);
    } finally {
      // Whatever else was thrown on the way, too.
      if (!whole) {
        deleteQuietly(unfinished);
      }
    }
  }

  /**
   * Has {@code file} made, with its folder if that is missing, and moves it into place where it is
   * wanted.
   *
   * @param making gets where to write it, and returns what is to be known of it
   * @param wanted whether the file takes its place
   * @return what was made
   * @throws BadInputException when the file cannot be written; the old file is untouched
   */
  public static <T> T make(Path file, Function<Path, T> making, Predicate<T> wanted) {
    Path target = file.toAbsolutePath();
    Path unfinished = unfinished(target);
    try {
      Files.createDirectories(target.getParent());
      // So that a folder where nothing can be written is named by the file that was asked for.
      begun(unfinished).close();
      T made = making.apply(unfinished);
      if (wanted.test(made)) {
        Files.move(
            unfinished,
            target,
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      }
      return made;
    } catch (IOException e) {
      throw refused(file, target, e);
    } catch (BadInputException e) {
      // Nobody has heard of the other name.
      if (e.getCause() instanceof IOException cause
          && e.getMessage().startsWith(unfinished.toString())) {
        throw refused(file, target, cause);
      }
      throw e;
    } finally {
      deleteQuietly(unfinished);
    }
  }

  private static FileChannel begun(Path unfinished) throws IOException {
    return FileChannel.open(
        unfinished,
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING,
        // Its name can be guessed: a link there would have another file overwritten.
        LinkOption.NOFOLLOW_LINKS);
  }

  private static BadInputException refused(Path file, Path target, IOException e) {
    return BadInputException.of(
        file, "cannot be written (" + IoReason.of(e) + ")", wayOut(target), e);
  }

  /** The process id keeps two processes from writing into one unfinished file. */
  private static Path unfinished(Path target) {
    String name = target.getFileName().toString();
    // A name may be as long as the system allows, and this one is longer.
    String begun = name.length() <= LONGEST ? name : Integer.toHexString(name.hashCode());
    return target.resolveSibling("." + begun + "." + ProcessHandle.current().pid() + ".part");
  }

  /** Writes {@code text} in UTF-8. */
  public static void writeText(Path file, String text) {
    write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static Object wayOut(Path target) {
    if (Files.isDirectory(target)) {
      return "a folder stands where the file belongs, move it away";
    }
    return Phrase.of("free space or choose another %s", Setting.OUT);
  }

  private static void deleteQuietly(Path unfinished) {
    try {
      Files.deleteIfExists(unfinished);
    } catch (IOException ignored) {
      // The disk that refused the file may refuse this too; the first failure is the one to tell.
    }
  }
}

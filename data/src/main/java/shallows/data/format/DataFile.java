package shallows.data.format;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;
import shallows.model.file.RegularFile;

/**
 * Opens a file of a data set and says in one line what is wrong with it. A file is packed with gzip
 * when its name ends in {@code .gz}, and only then.
 */
final class DataFile {
  private static final int GZIP = 0x1f8b;
  private static final String AGAIN = "copy or download it again";

  private DataFile() {}

  /** Reads the unpacked content. */
  @FunctionalInterface
  interface Content<T> {
    /**
     * @throws EOFException when it ends early
     */
    T read(InputStream in) throws IOException;
  }

  /**
   * @param kind what it should be, for messages, with its article: {@code "an IDX file"}
   * @throws BadInputException when the file is missing, truncated or damaged, or packed otherwise
   *     than its name says
   */
  static <T> T read(Path file, String kind, Content<T> content) {
    boolean packed = file.getFileName().toString().endsWith(".gz");
    try (InputStream in = new BufferedInputStream(RegularFile.open(file), 1 << 16)) {
      requireContentOfItsName(file, kind, in, packed);
      return content.read(packed ? new GZIPInputStream(in, 1 << 16) : in);
    } catch (EOFException e) {
      throw bad(file, "a whole file", "a truncated one", AGAIN, e);
    } catch (ZipException e) {
      throw bad(file, "gzip data", "damaged gzip data (" + e.getMessage() + ")", AGAIN, e);
    } catch (IOException e) {
      throw bad(file, "a readable file", IoReason.of(e), "check its name and permissions", e);
    }
  }

  /** A mislabelled file would otherwise be taken for a damaged one, or for noise. */
  private static void requireContentOfItsName(
      Path file, String kind, InputStream in, boolean packed) throws IOException {
    in.mark(2);
    byte[] first = in.readNBytes(2);
    in.reset();
    if (first.length == 0) {
      throw bad(file, kind, "an empty file", AGAIN, null);
    }
    int start = first.length < 2 ? -1 : (first[0] & 0xff) << 8 | first[1] & 0xff;
    String name = file.getFileName().toString();
    if (start == GZIP && !packed) {
      String mend = "rename it to " + name + ".gz or unpack it with gunzip";
      throw bad(file, kind + ", unpacked", "gzip data", mend, null);
    }
    if (start != GZIP && packed) {
      String found = start == 0 ? "an unpacked file" : "something else";
      String mend =
          start == 0 ? "rename it to " + name.substring(0, name.length() - ".gz".length()) : AGAIN;
      throw bad(file, "gzip data, as its name says", found, mend, null);
    }
  }

  /** The raw file, or else the packed one if that is there. */
  static Path find(Path folder, String name) {
    Path packed = folder.resolve(name + ".gz");
    Path raw = folder.resolve(name);
    return Files.exists(packed) && !Files.exists(raw) ? packed : raw;
  }

  static BadInputException bad(
      Object where, String expected, String found, String mend, Throwable cause) {
    return new BadInputException(where, expected, found, mend, cause);
  }
}

package shallows.export.metadata;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Text files inside a TFLite file: a zip archive behind the model, as TFLite's metadata readers
 * look for it. The model begins where it did, since a flatbuffer is read from its front and a zip
 * archive from its end; so the files can be replaced, and the model keeps every byte.
 */
public final class AssociatedFiles {
  /**
   * Any time will do that is the same always and that the format can hold; one in 1980's first hour
   * would be taken for «none» and the clock's zone be written instead.
   */
  private static final LocalDateTime TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

  // Places in the archive's last records, from its specification.
  private static final int END_RECORD = 22;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int LONGEST_COMMENT = 0xffff;
  private static final int DIRECTORY_OFFSET_IN_END = 16;
  private static final int LOCAL_OFFSET_IN_DIRECTORY = 42;
  private static final int DIRECTORY_RECORD = 46;

  /** Where a directory's record has the lengths of the name, the extra field and the comment. */
  private static final int[] LENGTHS_IN_DIRECTORY = {28, 30, 32};

  /** More than any labels need: another's archive may unpack to more than there is memory. */
  private static final int MOST_BYTES = 1 << 24;

  private AssociatedFiles() {}

  /**
   * The archive that stands behind a model.
   *
   * @param length of the model, in bytes
   * @param files their contents by name, in the order of the archive; at least one
   */
  public static byte[] behind(int length, Map<String, String> files) {
    byte[] archive = archive(files);
    shift(archive, length);
    return archive;
  }

  /**
   * A file with another content of one of its associated files; all before the archive stays as it
   * is, byte for byte.
   *
   * @throws IOException when there is no archive, or it is damaged
   */
  public static byte[] replaced(byte[] file, String name, String content) throws IOException {
    Map<String, String> files = new LinkedHashMap<>(read(file));
    files.put(name, content);
    int length = firstEntry(file);
    byte[] archive = behind(length, files);
    byte[] both = Arrays.copyOf(file, Math.addExact(length, archive.length));
    System.arraycopy(archive, 0, both, length, archive.length);
    return both;
  }

  /**
   * The content of a file in the archive behind a model.
   *
   * @throws IOException when there is no such file, or the archive is damaged
   */
  public static String read(byte[] file, String name) throws IOException {
    String content = read(file).get(name);
    if (content == null) {
      throw new IOException("no " + name + " in the archive behind the model");
    }
    return content;
  }

  /** All files, in the order of the archive. */
  private static Map<String, String> read(byte[] file) throws IOException {
    int start = firstEntry(file);
    Map<String, String> files = new LinkedHashMap<>();
    int left = MOST_BYTES;
    try (ZipInputStream zip =
        new ZipInputStream(new ByteArrayInputStream(file, start, file.length - start))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        byte[] content = zip.readNBytes(left + 1);
        left -= content.length;
        if (left < 0) {
          throw new IOException("files of more than " + MOST_BYTES + " bytes behind the model");
        }
        files.put(entry.getName(), new String(content, StandardCharsets.UTF_8));
      }
    }
    return files;
  }

  /** Where the first file begins, by way of the records at the end, which may bear a comment. */
  private static int firstEntry(byte[] file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int earliest = Math.max(0, file.length - END_RECORD - LONGEST_COMMENT);
    for (int end = file.length - END_RECORD; end >= earliest; end--) {
      if (bytes.getInt(end) == END_SIGNATURE) {
        int directory = bytes.getInt(end + DIRECTORY_OFFSET_IN_END);
        if (directory >= 0 && directory <= end - LOCAL_OFFSET_IN_DIRECTORY - Integer.BYTES) {
          int start = bytes.getInt(directory + LOCAL_OFFSET_IN_DIRECTORY);
          if (start >= 0 && start < directory) {
            return start;
          }
        }
      }
    }
    throw new IOException("no archive behind the model");
  }

  private static byte[] archive(Map<String, String> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(file.getKey());
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory fails", e);
    }
    return bytes.toByteArray();
  }

  /** Offsets count from the start of the whole file, not of the archive. */
  private static void shift(byte[] archive, int by) {
    ByteBuffer bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
    int end = archive.length - END_RECORD;
    int directory = bytes.getInt(end + DIRECTORY_OFFSET_IN_END);
    bytes.putInt(end + DIRECTORY_OFFSET_IN_END, directory + by);
    for (int record = directory; record < end; ) {
      int local = record + LOCAL_OFFSET_IN_DIRECTORY;
      bytes.putInt(local, bytes.getInt(local) + by);
      int next = record + DIRECTORY_RECORD;
      for (int length : LENGTHS_IN_DIRECTORY) {
        next += bytes.getShort(record + length);
      }
      record = next;
    }
  }
}

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
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * The labels as a file inside a TFLite file: a zip archive behind the model, as TFLite's metadata
 * readers look for it. The model begins where it did, since a flatbuffer is read from its front and
 * a zip archive from its end.
 */
public final class LabelsFile {
  /** Its name in the archive, and beside exported files. */
  public static final String NAME = "labels.txt";

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

  /** More than any labels need: another's archive may unpack to more than there is memory. */
  private static final int MOST_BYTES = 1 << 24;

  private LabelsFile() {}

  /** The content: one label a line, in the order of the logits. */
  public static String content(List<String> labels) {
    return String.join("\n", labels) + "\n";
  }

  /** The model with the archive behind it. */
  public static byte[] appended(byte[] model, List<String> labels) {
    byte[] archive = archive(content(labels).getBytes(StandardCharsets.UTF_8));
    shift(archive, model.length);
    byte[] both = Arrays.copyOf(model, Math.addExact(model.length, archive.length));
    System.arraycopy(archive, 0, both, model.length, archive.length);
    return both;
  }

  /**
   * The content of a file in the archive behind a model.
   *
   * @throws IOException when there is no such file, or the archive is damaged
   */
  static String read(byte[] file, String name) throws IOException {
    int start = firstEntry(file);
    try (ZipInputStream zip =
        new ZipInputStream(new ByteArrayInputStream(file, start, file.length - start))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().equals(name)) {
          byte[] content = zip.readNBytes(MOST_BYTES + 1);
          if (content.length > MOST_BYTES) {
            throw new IOException(name + " is larger than " + MOST_BYTES + " bytes");
          }
          return new String(content, StandardCharsets.UTF_8);
        }
      }
    }
    throw new IOException("no " + name + " in the archive behind the model");
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

  private static byte[] archive(byte[] content) {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(NAME);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    entry.setTimeLocal(TIME);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(entry);
      zip.write(content);
      zip.closeEntry();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory fails", e);
    }
    return bytes.toByteArray();
  }

  /** Offsets count from the start of the whole file, not of the archive. */
  private static void shift(byte[] archive, int by) {
    ByteBuffer bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
    int end = archive.length - END_RECORD + DIRECTORY_OFFSET_IN_END;
    int directory = bytes.getInt(end);
    bytes.putInt(end, directory + by);
    int local = directory + LOCAL_OFFSET_IN_DIRECTORY;
    bytes.putInt(local, bytes.getInt(local) + by);
  }
}

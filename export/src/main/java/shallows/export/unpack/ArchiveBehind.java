package shallows.export.unpack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The zip archive at the end of a TFLite file, with its labels. Its records say where others lie,
 * counted from the file's start, so they change when the file grows at its front.
 */
final class ArchiveBehind {
  // From the specification of zip archives.
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_RECORD = 22;
  private static final int LONGEST_COMMENT = 0xffff;
  private static final int COUNT_IN_END = 10;
  private static final int DIRECTORY_IN_END = 16;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int ENTRY = 46;
  private static final int[] LENGTHS_IN_ENTRY = {28, 30, 32};
  private static final int PLACE_IN_ENTRY = 42;

  private ArchiveBehind() {}

  /** Moves what the records say, if there is an archive. */
  static void shift(byte[] file, int by) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int earliest = Math.max(by, file.length - END_RECORD - LONGEST_COMMENT);
    for (int end = file.length - END_RECORD; end >= earliest; end--) {
      if (bytes.getInt(end) == END_SIGNATURE) {
        int directory = bytes.getInt(end + DIRECTORY_IN_END);
        if (directory >= 0 && moved(bytes, directory + by, end, by)) {
          bytes.putInt(end + DIRECTORY_IN_END, directory + by);
          return;
        }
      }
    }
  }

  /** Moves the entries of a directory; false where there is none. */
  private static boolean moved(ByteBuffer bytes, int directory, int end, int by) {
    int entry = directory;
    int count = bytes.getShort(end + COUNT_IN_END) & 0xffff;
    for (int i = 0; i < count; i++) {
      if (entry < 0 || entry > end - ENTRY || bytes.getInt(entry) != ENTRY_SIGNATURE) {
        return false;
      }
      bytes.putInt(entry + PLACE_IN_ENTRY, bytes.getInt(entry + PLACE_IN_ENTRY) + by);
      int next = entry + ENTRY;
      for (int length : LENGTHS_IN_ENTRY) {
        next += bytes.getShort(entry + length) & 0xffff;
      }
      entry = next;
    }
    return count > 0;
  }
}

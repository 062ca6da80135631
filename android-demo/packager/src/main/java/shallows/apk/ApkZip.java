package shallows.apk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import shallows.model.file.AtomicFile;

/**
 * A zip whose bytes depend on nothing but its entries: sorted names, one date. What Android maps
 * into memory where it lies (resources, native libraries, models) is stored, the rest deflated.
 * Alignment is left to the signer, which moves entries anyway.
 */
final class ApkZip {
  /**
   * Any will do that is the same always. Not the first that a zip can hold: Java takes it for none,
   * and writes the time behind it by the zone of the clock.
   */
  private static final LocalDateTime DATE = LocalDateTime.of(2000, 1, 1, 0, 0);

  private static final Set<String> STORED = Set.of("arsc", "so", "tflite", "png");

  private ApkZip() {}

  static void write(Path file, SortedMap<String, byte[]> entries) {
    AtomicFile.write(file, out -> write(out, entries));
  }

  private static void write(OutputStream out, SortedMap<String, byte[]> entries)
      throws IOException {
    // Not closed: the file below it is the caller's.
    ZipOutputStream zip = new ZipOutputStream(out);
    for (Map.Entry<String, byte[]> file : entries.entrySet()) {
      ZipEntry entry = new ZipEntry(file.getKey());
      entry.setTimeLocal(DATE);
      if (isStored(file.getKey())) {
        CRC32 crc = new CRC32();
        crc.update(file.getValue());
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(file.getValue().length);
        entry.setCrc(crc.getValue());
      }
      zip.putNextEntry(entry);
      zip.write(file.getValue());
      zip.closeEntry();
    }
    zip.finish();
  }

  static boolean isStored(String name) {
    return STORED.contains(name.substring(name.lastIndexOf('.') + 1));
  }
}

package shallows.apk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;

/** Template and bundle to a signed APK; the same input and key give the same bytes. */
final class Apk {
  /** Where the app looks for the bundle. */
  static final String FOLDER = "assets/bundle/";

  private Apk() {}

  /**
   * @param abis which native libraries to carry, for example {@code arm64-v8a}
   */
  static void write(Path template, Bundle bundle, Set<String> abis, SigningKey key, Path out) {
    TreeMap<String, byte[]> entries = new TreeMap<>();
    bundle.files().forEach((name, content) -> entries.put(FOLDER + name, content));
    try {
      try (ZipFile zip = new ZipFile(template.toFile())) {
        Enumeration<? extends ZipEntry> all = zip.entries();
        while (all.hasMoreElements()) {
          ZipEntry entry = all.nextElement();
          String name = entry.getName();
          if (!name.startsWith("lib/") || abis.contains(name.split("/")[1])) {
            entries.put(name, zip.getInputStream(entry).readAllBytes());
          }
        }
      }
      Path folder = Files.createTempDirectory("shallows-apk");
      try {
        Path unsigned = folder.resolve("unsigned.apk");
        ApkZip.write(unsigned, entries);
        ApkSignature.sign(unsigned, out, key);
      } finally {
        try (Stream<Path> left = Files.list(folder)) {
          for (Path file : left.toList()) {
            Files.delete(file);
          }
        }
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw BadInputException.of(
          out, "cannot be made (" + IoReason.of(e) + ")", "free space and try again", e);
    }
  }
}

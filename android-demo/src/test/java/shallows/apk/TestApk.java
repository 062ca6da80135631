package shallows.apk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import shallows.demo.TestBundle;

/** The app's resources with the bundle of {@link TestBundle}, as Robolectric takes them. */
public final class TestApk {
  private TestApk() {}

  /**
   * @param args the linked resources, the folder for the bundle, the APK to write
   */
  public static void main(String[] args) throws IOException {
    Path bundle = Path.of(args[1]);
    TestBundle.write(bundle);
    TreeMap<String, byte[]> entries = new TreeMap<>();
    try (ZipFile resources = new ZipFile(args[0])) {
      for (ZipEntry entry : Collections.list(resources.entries())) {
        entries.put(entry.getName(), resources.getInputStream(entry).readAllBytes());
      }
    }
    try (Stream<Path> files = Files.list(bundle)) {
      for (Path file : files.toList()) {
        entries.put(Apk.FOLDER + file.getFileName(), Files.readAllBytes(file));
      }
    }
    ApkZip.write(Path.of(args[2]), entries);
  }
}

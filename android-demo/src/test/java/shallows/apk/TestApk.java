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

/**
 * The app's resources with a bundle, as Robolectric takes them: that of {@link TestBundle}, or with
 * {@code -Dbundle=RUN/bundle} a real one.
 */
public final class TestApk {
  private TestApk() {}

  /**
   * @param args the linked resources, the folder for the bundle, the APK to write, and the folder
   *     of the real bundle or nothing
   */
  public static void main(String[] args) throws IOException {
    Path bundle = Path.of(args[1]);
    delete(bundle);
    if (!args[3].equals("none")) {
      Files.createDirectories(bundle);
      for (var file : Bundle.read(Path.of(args[3])).files().entrySet()) {
        Files.write(bundle.resolve(file.getKey()), file.getValue());
      }
    } else {
      TestBundle.write(bundle);
    }
    Path colour = beside(bundle, "-colour");
    TestBundle.writeColour(colour);
    TestBundle.writeLarge(beside(bundle, "-large"));
    TestBundle.writeForms(beside(bundle, "-forms"));
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

  private static Path beside(Path bundle, String name) throws IOException {
    Path folder = bundle.resolveSibling(bundle.getFileName() + name);
    delete(folder);
    return folder;
  }

  /** What an earlier build left. */
  private static void delete(Path bundle) throws IOException {
    if (Files.isDirectory(bundle)) {
      try (Stream<Path> files = Files.list(bundle)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
  }
}

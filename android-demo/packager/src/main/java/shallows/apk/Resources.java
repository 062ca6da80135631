package shallows.apk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Resources, assets and manifest through aapt2, which apktool's library carries for Linux, macOS
 * and Windows: {@code res/} becomes {@code R.java} and a linked APK without code.
 */
public final class Resources {
  /** The oldest Android that the app runs on: 8.0. */
  static final int MIN_API = 26;

  /** The Android that it is compiled against and whose behaviour it expects. */
  static final int TARGET_API = 35;

  private Resources() {}

  /**
   * @param args the app's {@code src/main}, the jar of Android's classes, the folder for {@code
   *     R.java}, the APK to write, a folder of further assets
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length != 5) {
      throw new IllegalArgumentException(
          "expected SOURCES ANDROID.jar JAVA OUT ASSETS, found " + args.length);
    }
    Path sources = Path.of(args[0]);
    Path java = Files.createDirectories(Path.of(args[2]));
    Path out = Path.of(args[3]);
    Files.createDirectories(out.getParent());
    Path compiled = out.resolveSibling("compiled-resources.zip");
    Path aapt2 = unpack();
    try {
      run(
          List.of(
              aapt2.toString(),
              "compile",
              "--dir",
              sources.resolve("res").toString(),
              "-o",
              compiled.toString()));
      run(
          List.of(
              aapt2.toString(),
              "link",
              "-I",
              args[1],
              "--manifest",
              sources.resolve("AndroidManifest.xml").toString(),
              "--min-sdk-version",
              Integer.toString(MIN_API),
              "--target-sdk-version",
              Integer.toString(TARGET_API),
              "-A",
              sources.resolve("assets").toString(),
              "-A",
              args[4],
              "--java",
              java.toString(),
              "-o",
              out.toString(),
              compiled.toString()));
    } finally {
      Files.delete(aapt2);
    }
  }

  /** The program out of the jar, where it can be executed. */
  private static Path unpack() throws IOException {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String name =
        system.contains("win")
            ? "windows/aapt2.exe"
            : system.contains("mac") ? "macosx/aapt2" : "linux/aapt2";
    Path file = Files.createTempFile("aapt2", name.endsWith(".exe") ? ".exe" : "");
    try (InputStream in = Resources.class.getResourceAsStream("/prebuilt/" + name);
        var out = Files.newOutputStream(file)) {
      if (in == null) {
        throw new IOException("apktool-lib: expected prebuilt/" + name + ", found none");
      }
      in.transferTo(out);
    }
    if (!file.toFile().setExecutable(true)) {
      throw new IOException(file + ": cannot be made executable; set java.io.tmpdir elsewhere");
    }
    return file;
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("aapt2 " + command.get(1) + " failed:\n" + said);
    }
  }
}

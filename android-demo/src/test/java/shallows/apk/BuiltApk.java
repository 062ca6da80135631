package shallows.apk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import shallows.demo.TestBundle;

/** The APK that the tests look at: the whole app with the bundle of {@link TestBundle}. */
record BuiltApk(Path bundle, SigningKey key, Path file) {
  static final Path TEMPLATE = Path.of(System.getProperty("template.apk"));
  static final Set<String> ABIS = Set.of("arm64-v8a", "x86_64");

  static BuiltApk in(Path folder) throws IOException {
    Path bundle = folder.resolve("bundle");
    TestBundle.write(bundle);
    SigningKey key = SigningKey.debug(folder.resolve("keys/debug.p12"));
    BuiltApk apk = new BuiltApk(bundle, key, folder.resolve("demo.apk"));
    apk.write(apk.file, ABIS);
    return apk;
  }

  void write(Path out, Set<String> abis) {
    Apk.write(TEMPLATE, Bundle.read(bundle), abis, key, out);
  }
}

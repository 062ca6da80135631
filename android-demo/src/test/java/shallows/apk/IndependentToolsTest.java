package shallows.apk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The APK as programs see it that had no part in making it. */
class IndependentToolsTest {
  @TempDir static Path folder;
  private static String apk;

  @BeforeAll
  static void build() throws IOException {
    apk = BuiltApk.in(folder).file().toString();
  }

  @Test
  void badgingNamesPackageLabelApiLevelsAndTheCameraAlone() throws Exception {
    Tool aapt = Tool.run("aapt", "dump", "badging", apk);
    List<String> lines = aapt.output().lines().toList();

    assertEquals(0, aapt.status(), aapt.output());
    assertTrue(lines.get(0).startsWith("package: name='shallows.demo' "), lines.get(0));
    assertTrue(lines.contains("application-label:'Shallows'"), aapt.output());
    assertTrue(lines.contains("sdkVersion:'" + Resources.MIN_API + "'"), aapt.output());
    assertTrue(lines.contains("targetSdkVersion:'" + Resources.TARGET_API + "'"), aapt.output());
    assertTrue(lines.contains("native-code: 'arm64-v8a' 'x86_64'"), aapt.output());
    assertTrue(
        lines.stream()
            .anyMatch(
                line -> line.startsWith("launchable-activity: name='shallows.demo.MainActivity'")),
        aapt.output());
    assertEquals(
        List.of("uses-permission: name='android.permission.CAMERA'"),
        lines.stream().filter(line -> line.startsWith("uses-permission")).toList());
    // A phone or a tablet without a camera can install it too.
    assertTrue(
        lines.stream()
            .noneMatch(line -> line.matches("\\s*uses-feature: name='android.hardware.camera.*")),
        aapt.output());
  }

  @Test
  void apksignerVerifiesBothSchemes() throws Exception {
    Tool apksigner = Tool.run("apksigner", "verify", "--verbose", "--print-certs", apk);

    assertEquals(0, apksigner.status(), apksigner.output());
    assertTrue(apksigner.output().contains("(APK Signature Scheme v2): true"), apksigner.output());
    assertTrue(apksigner.output().contains("(APK Signature Scheme v3): true"), apksigner.output());
    assertTrue(apksigner.output().contains("CN=Shallows debug"), apksigner.output());
  }

  @Test
  void apksignerRefusesOneChangedByte() throws Exception {
    byte[] bytes = Files.readAllBytes(Path.of(apk));
    bytes[bytes.length / 2] ^= 1;
    Path changed = Files.write(folder.resolve("changed.apk"), bytes);

    assertNotEquals(0, Tool.run("apksigner", "verify", changed.toString()).status());
  }

  @Test
  void zipalignFindsEverythingAligned() throws Exception {
    Tool zipalign = Tool.run("zipalign", "-c", "-p", "-v", "4", apk);

    assertEquals(0, zipalign.status(), zipalign.output());
    assertTrue(zipalign.output().contains("Verification succes"), zipalign.output());
  }

  @Test
  void readelfFindsEverySegmentOnPagesOf16KilobytesOrMore() throws Exception {
    int loads = 0;
    try (ZipFile zip = new ZipFile(apk)) {
      for (ZipEntry entry : java.util.Collections.list(zip.entries())) {
        if (entry.getName().endsWith(".so")) {
          Path library = folder.resolve(entry.getName().replace('/', '-'));
          Files.write(library, zip.getInputStream(entry).readAllBytes());
          Tool readelf = Tool.run("readelf", "-lW", library.toString());
          assertEquals(0, readelf.status(), readelf.output());
          for (String line : readelf.output().lines().toList()) {
            if (line.strip().startsWith("LOAD")) {
              loads++;
              String alignment = line.strip().replaceAll(".*0x", "");
              assertTrue(
                  Integer.parseInt(alignment, 16) >= ApkSignature.LIBRARY_ALIGNMENT,
                  entry.getName() + ": " + line);
            }
          }
        }
      }
    }
    assertTrue(loads >= 8, loads + " segments of four libraries");
  }

  @Test
  void dexdumpFindsTheApp() throws Exception {
    Tool dexdump = Tool.run("dexdump", apk);
    Set<String> classes =
        dexdump
            .output()
            .lines()
            .filter(line -> line.strip().startsWith("Class descriptor"))
            .map(line -> line.replaceAll(".*'(.*)'.*", "$1"))
            .collect(Collectors.toSet());

    assertEquals(0, dexdump.status());
    assertTrue(classes.contains("Lshallows/demo/MainActivity;"));
    assertTrue(classes.contains("Lorg/bytedeco/tensorflowlite/global/tensorflowlite;"));
    assertTrue(classes.stream().noneMatch(name -> name.startsWith("Lorg/robolectric/")));
  }
}

package shallows.apk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.android.apksig.ApkVerifier;
import com.android.apksig.apk.ApkUtils;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.demo.TestBundle;
import shallows.model.BadInputException;

/** The APK as it is installed. */
class ApkTest {
  private static final int LOCAL_HEADER = 30;

  /** Of the APK for one processor without its models: issue's bound for a download. */
  private static final long LARGEST = 13_000_000;

  @TempDir static Path folder;
  private static Path bundle;
  private static BuiltApk built;
  private static Path apk;

  @BeforeAll
  static void build() throws IOException {
    built = BuiltApk.in(folder);
    bundle = built.bundle();
    apk = built.file();
  }

  private static Path write(String name) {
    Path out = folder.resolve(name);
    built.write(out, BuiltApk.ABIS);
    return out;
  }

  @Test
  void isSignedWithTheSecondAndThirdScheme() throws Exception {
    ApkVerifier.Result result = new ApkVerifier.Builder(apk.toFile()).build().verify();

    assertTrue(result.isVerified(), result.getAllErrors().toString());
    assertTrue(result.isVerifiedUsingV2Scheme());
    assertTrue(result.isVerifiedUsingV3Scheme());
  }

  @Test
  void oneChangedByteFailsTheSignature() throws Exception {
    byte[] bytes = Files.readAllBytes(apk);
    bytes[bytes.length / 3] ^= 1;
    Path changed = Files.write(folder.resolve("changed.apk"), bytes);

    assertFalse(new ApkVerifier.Builder(changed.toFile()).build().verify().isVerified());
  }

  @Test
  void theSameInputAndKeyGiveTheSameBytes() throws IOException {
    assertEquals(-1, Files.mismatch(apk, write("again.apk")));
  }

  @Test
  void theModelsInItAreTheVerifiedOnes() throws IOException {
    try (ZipFile zip = new ZipFile(apk.toFile())) {
      for (String name : new String[] {TestBundle.FULL, TestBundle.PRUNED, "model.json"}) {
        ZipEntry entry = zip.getEntry("assets/bundle/" + name);
        assertArrayEquals(
            Files.readAllBytes(bundle.resolve(name)), zip.getInputStream(entry).readAllBytes());
      }
    }
  }

  @Test
  void theLicencesOfWhatIsInItAreInIt() throws IOException {
    try (ZipFile zip = new ZipFile(apk.toFile())) {
      String notices = text(zip, "notices.txt");
      for (String library : new String[] {"TensorFlow Lite", "JavaCPP", "XNNPACK", "Eigen"}) {
        assertTrue(notices.contains(library), library);
      }
      for (String name : new String[] {"LICENSE", "MPL-2.0.txt", "XNNPACK.txt", "cpuinfo.txt"}) {
        assertTrue(text(zip, name).length() > 1000, name);
      }
    }
  }

  private static String text(ZipFile zip, String name) throws IOException {
    ZipEntry entry = zip.getEntry("assets/licenses/" + name);
    return new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void whatIsMappedIsStoredAndAligned() throws IOException {
    Set<String> libraries = new TreeSet<>();
    try (ZipFile zip = new ZipFile(apk.toFile());
        RandomAccessFile file = new RandomAccessFile(apk.toFile(), "r")) {
      for (ZipEntry entry : java.util.Collections.list(zip.entries())) {
        if (ApkZip.isStored(entry.getName())) {
          assertEquals(ZipEntry.STORED, entry.getMethod(), entry.getName());
          int alignment =
              entry.getName().endsWith(".so") ? ApkSignature.LIBRARY_ALIGNMENT : Integer.BYTES;
          assertEquals(0, offset(file, entry.getName()) % alignment, entry.getName());
        }
        if (entry.getName().endsWith(".so")) {
          libraries.add(entry.getName());
          assertSegmentsAligned(entry.getName(), zip.getInputStream(entry).readAllBytes());
        }
      }
    }
    assertEquals(
        Set.of(
            "lib/arm64-v8a/libjnijavacpp.so",
            "lib/arm64-v8a/libjnitensorflowlite.so",
            "lib/x86_64/libjnijavacpp.so",
            "lib/x86_64/libjnitensorflowlite.so"),
        libraries);
  }

  /** Where the content begins: the header in front of it, found by its name. */
  private static long offset(RandomAccessFile file, String name) throws IOException {
    // The first place in the file where the name stands is its local header.
    byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[(int) file.length()];
    file.seek(0);
    file.readFully(all);
    ByteBuffer zip = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < all.length; ) {
      assertEquals(0x04034b50, zip.getInt(at), name + " has a local header");
      int nameLength = zip.getShort(at + 26);
      int extraLength = zip.getShort(at + 28) & 0xffff;
      int content = at + LOCAL_HEADER + nameLength + extraLength;
      if (java.util.Arrays.equals(
          wanted, java.util.Arrays.copyOfRange(all, at + 30, at + 30 + nameLength))) {
        return content;
      }
      at = next(zip, content, zip.getInt(at + 18), (zip.getShort(at + 6) & 8) != 0);
    }
    throw new AssertionError(name);
  }

  /** The next local header; a descriptor may lie between. */
  private static int next(ByteBuffer zip, int content, int size, boolean descriptor) {
    if (!descriptor) {
      return content + size;
    }
    int at = content;
    while (zip.getInt(at) != 0x08074b50) {
      at++;
    }
    return at + 16;
  }

  /** Each PT_LOAD of a 64-bit ELF file: p_align at least 16 KB. */
  private static void assertSegmentsAligned(String name, byte[] library) {
    ByteBuffer elf = ByteBuffer.wrap(library).order(ByteOrder.LITTLE_ENDIAN);
    int headers = (int) elf.getLong(32);
    int loads = 0;
    for (int i = 0; i < elf.getShort(56); i++) {
      int header = headers + i * elf.getShort(54);
      if (elf.getInt(header) == 1) {
        loads++;
        assertTrue(elf.getLong(header + 48) >= ApkSignature.LIBRARY_ALIGNMENT, name);
      }
    }
    assertTrue(loads > 0, name);
  }

  @Test
  void runsFromAndroid8AndMayAskForTheCameraAlone() throws Exception {
    try (ZipFile zip = new ZipFile(apk.toFile())) {
      byte[] manifest = zip.getInputStream(zip.getEntry("AndroidManifest.xml")).readAllBytes();
      assertEquals(
          "shallows.demo",
          ApkUtils.getPackageNameFromBinaryAndroidManifest(ByteBuffer.wrap(manifest)));
      assertEquals(
          Resources.MIN_API,
          ApkUtils.getMinSdkVersionFromBinaryAndroidManifest(ByteBuffer.wrap(manifest)));
      assertEquals(
          Resources.TARGET_API,
          ApkUtils.getTargetSdkVersionFromBinaryAndroidManifest(ByteBuffer.wrap(manifest)));
      String text =
          new String(manifest, StandardCharsets.UTF_16LE)
              + new String(manifest, 1, manifest.length - 1, StandardCharsets.UTF_16LE)
              + new String(manifest, StandardCharsets.ISO_8859_1);
      assertTrue(text.contains("application"));
      assertEquals(1, text.split("android\\.permission\\.", -1).length - 1, text);
      assertTrue(text.contains("android.permission.CAMERA"));
    }
  }

  @Test
  void withoutModelsAnApkOfOneProcessorIsSmall() throws IOException {
    Path out = folder.resolve("arm.apk");
    built.write(out, Set.of("arm64-v8a"));
    long models = 0;
    for (byte[] file : Bundle.read(bundle).files().values()) {
      models += file.length;
    }

    assertTrue(Files.size(out) - models <= LARGEST, Files.size(out) + " bytes");
  }

  @Test
  void aChangedModelIsRefused() throws IOException {
    Path damaged = folder.resolve("damaged");
    TestBundle.write(damaged);
    byte[] model = Files.readAllBytes(damaged.resolve(TestBundle.FULL));
    model[model.length / 2] ^= 1;
    Files.write(damaged.resolve(TestBundle.FULL), model);

    BadInputException refused = assertThrows(BadInputException.class, () -> Bundle.read(damaged));
    assertTrue(refused.getMessage().contains(TestBundle.FULL), refused.getMessage());
  }

  @Test
  void aChangedSampleIsRefused() throws IOException {
    Path damaged = folder.resolve("damaged-sample");
    TestBundle.write(damaged);
    Files.copy(
        damaged.resolve("sample2.png"),
        damaged.resolve("sample1.png"),
        StandardCopyOption.REPLACE_EXISTING);

    BadInputException refused = assertThrows(BadInputException.class, () -> Bundle.read(damaged));
    assertTrue(
        refused.getMessage().contains("sample1.png: expected the bytes"), refused.getMessage());
  }

  @Test
  void aLinkToAFileElsewhereIsNotPacked() throws IOException {
    Path linked = folder.resolve("linked");
    TestBundle.write(linked);
    // The same bytes, so that it is the link alone that is refused.
    Path elsewhere = folder.resolve("elsewhere.png");
    Files.move(linked.resolve("sample1.png"), elsewhere);
    Files.createSymbolicLink(linked.resolve("sample1.png"), elsewhere);

    BadInputException refused = assertThrows(BadInputException.class, () -> Bundle.read(linked));
    assertTrue(refused.getMessage().contains("sample1.png"), refused.getMessage());
    assertTrue(refused.getMessage().contains("a link"), refused.getMessage());
  }

  @Test
  void theDebugKeyIsForItsOwnerAlone() throws IOException {
    Path keystore = folder.resolve("keys/debug.p12");
    PosixFileAttributeView view =
        Files.getFileAttributeView(keystore, PosixFileAttributeView.class);
    assumeTrue(view != null, "no file permissions here");
    Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rw-------");
    assertEquals(owner, view.readAttributes().permissions());
    try (var left = Files.list(keystore.getParent())) {
      assertEquals(List.of(keystore), left.toList());
    }

    view.setPermissions(PosixFilePermissions.fromString("rw-r--r--"));
    SigningKey.debug(keystore);
    assertEquals(owner, view.readAttributes().permissions());
  }
}

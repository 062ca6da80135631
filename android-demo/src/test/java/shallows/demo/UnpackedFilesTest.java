package shallows.demo;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.annotation.Config;
import shallows.export.unpack.UnpackedTflite;

/** Filters of one bit are unpacked when a bundle is first opened, and once. */
@RunWith(PhoneRunner.class)
@Config(sdk = 35)
public class UnpackedFilesTest {
  private static final String MIXED = "small-mixed.tflite";
  private static final String BINARY = "small-binary.tflite";

  @Test
  public void whatRunsIsUnpackedAndKeptUnderItsChecksum() throws Exception {
    try (OpenBundle open = Phone.app().store().open()) {
      Map<String, byte[]> kept = kept();
      assertEquals(2, kept.size());
      for (String file : new String[] {MIXED, BINARY}) {
        byte[] packed = open.bundle().files().read(file);
        byte[] unpacked = UnpackedTflite.of(packed, 1 << 26);
        assertNotEquals(packed.length, unpacked.length);
        assertArrayEquals(unpacked, mapped(open, file));
        assertArrayEquals(unpacked, kept.get(Sha256.of(packed) + "-" + Sha256.of(unpacked)));
      }
      assertArrayEquals(open.bundle().files().read(TestBundle.FULL), mapped(open, TestBundle.FULL));
      for (SelfCheck.Result result : SelfCheck.of(open)) {
        assertTrue(result.problem(), result.passed());
      }
    }
  }

  @Test
  public void theNextStartTakesWhatIsThere() throws Exception {
    Phone.app().store().open().close();
    Path file = file(MIXED);
    Object key = Files.readAttributes(file, "unix:ino").get("ino");
    Phone.app().store().open().close();

    assertEquals(key, Files.readAttributes(file, "unix:ino").get("ino"));
  }

  @Test
  public void oneThatIsDamagedIsMadeAnew() throws Exception {
    Phone.app().store().open().close();
    Map<String, byte[]> kept = kept();
    Path file = file(MIXED);
    byte[] damaged = Files.readAllBytes(file);
    damaged[damaged.length / 2] ^= 1;
    Files.write(file, damaged);
    Files.write(file(BINARY), new byte[0]);
    Phone.app().store().open().close();

    Map<String, byte[]> again = kept();
    assertEquals(kept.keySet(), again.keySet());
    kept.forEach((name, content) -> assertArrayEquals(content, again.get(name)));
  }

  @Test
  public void thoseOfAnotherBundleGoWithIt() throws Exception {
    MainActivity main = Phone.main();
    Map<String, byte[]> own = kept();
    Phone.load(main, R.id.folder, FolderProvider.of(Phone.COLOUR_BUNDLE));
    Map<String, byte[]> loaded = kept();
    assertEquals(own.size(), loaded.size());
    assertTrue(own.keySet().stream().noneMatch(loaded::containsKey));
    Phone.app().change(BundleStore::forget);
    Phone.settle();
    Phone.main();

    assertEquals(own.keySet(), kept().keySet());
  }

  @Test
  public void withoutRoomThePackedFileRuns() throws Exception {
    // A file where the folder would be.
    Files.createDirectories(folder().getParent());
    Files.write(folder(), new byte[1]);
    try (OpenBundle open = Phone.app().store().open()) {
      assertArrayEquals(open.bundle().files().read(MIXED), mapped(open, MIXED));
      for (SelfCheck.Result result : SelfCheck.of(open)) {
        assertTrue(result.problem(), result.passed());
      }
    }
  }

  private static byte[] mapped(OpenBundle open, String file) throws IOException {
    ByteBuffer mapped = open.bundle().files().map(file);
    byte[] bytes = new byte[mapped.remaining()];
    mapped.get(bytes);
    return bytes;
  }

  private static Path folder() {
    return Phone.app().getCodeCacheDir().toPath().resolve("unpacked");
  }

  private static Path file(String of) throws IOException {
    String source = Sha256.of(Files.readAllBytes(Phone.BUNDLE.resolve(of)));
    try (Stream<Path> files = Files.list(folder())) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(source))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Map<String, byte[]> kept() throws IOException {
    Map<String, byte[]> kept = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder())) {
      for (Path file : files.toList()) {
        kept.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return kept;
  }
}

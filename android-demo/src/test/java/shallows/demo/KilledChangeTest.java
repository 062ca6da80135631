package shallows.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.annotation.Config;

/**
 * A change of bundle that is killed at any of its steps: the files are as the step leaves them, and
 * the next start finds a whole bundle, the old one or the new one, and takes the rest away.
 */
@RunWith(PhoneRunner.class)
@Config(sdk = 35)
public class KilledChangeTest {
  private Path files;

  /** The colour bundle is in use. */
  @Before
  public void load() throws Exception {
    MainActivity main = Phone.main();
    Phone.load(main, R.id.zip, Phone.zip(Phone.files(Phone.COLOUR_BUNDLE)));
    files = main.getFilesDir().toPath();
    assertEquals(Set.of("bundle-a", "bundle.in-use"), left());
  }

  @Test
  public void whileTheNewOneIsCopied() throws Exception {
    Files.createDirectory(files.resolve("bundle-b"));
    Files.write(files.resolve("bundle-b/model.json"), new byte[100]);

    assertInUse("colour");
    assertEquals(Set.of("bundle-a", "bundle.in-use"), left());
  }

  @Test
  public void whileItsNameIsWritten() throws Exception {
    copy(Phone.BUNDLE, "bundle-b");
    Files.writeString(files.resolve("bundle.in-use.new"), "bund");

    assertInUse("colour");
    assertEquals(Set.of("bundle-a", "bundle.in-use"), left());
  }

  @Test
  public void afterItsNameIsInPlaceAndWhileTheOldOneIsDeleted() throws Exception {
    copy(Phone.BUNDLE, "bundle-b");
    Files.writeString(files.resolve("bundle.in-use"), "bundle-b");
    Files.delete(files.resolve("bundle-a/model.json"));

    assertInUse("Fashion-MNIST");
    assertTrue(Phone.app().store().isLoaded());
    assertEquals(Set.of("bundle-b", "bundle.in-use"), left());
  }

  @Test
  public void whileTheLoadedOneIsForgotten() throws Exception {
    Files.delete(files.resolve("bundle.in-use"));
    Files.delete(files.resolve("bundle-a/model.json"));

    assertInUse("Fashion-MNIST");
    assertEquals(Set.of(), left());
  }

  @Test
  public void theNextOneGoesIntoTheOtherFolder() throws Exception {
    Phone.load(Phone.main(), R.id.zip, Phone.zip(Phone.files(Phone.BUNDLE)));
    assertInUse("Fashion-MNIST");
    assertEquals(Set.of("bundle-b", "bundle.in-use"), left());
    Phone.load(Phone.main(), R.id.zip, Phone.zip(Phone.files(Phone.COLOUR_BUNDLE)));
    assertInUse("colour");
    assertEquals(Set.of("bundle-a", "bundle.in-use"), left());
  }

  private static void assertInUse(String data) throws Exception {
    // Another start: what was open is closed.
    Phone.app().change(store -> {});
    String subtitle = Phone.main().getActionBar().getSubtitle().toString();
    assertTrue(subtitle, subtitle.contains(data));
  }

  private void copy(Path bundle, String name) throws IOException {
    Path folder = Files.createDirectory(files.resolve(name));
    for (var file : Phone.files(bundle).entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
  }

  private Set<String> left() throws IOException {
    try (Stream<Path> all = Files.list(files)) {
      return all.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }
}

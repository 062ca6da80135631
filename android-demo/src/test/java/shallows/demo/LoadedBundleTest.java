package shallows.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import android.content.Intent;
import android.net.Uri;
import android.widget.RadioButton;
import android.widget.RadioGroup;
import android.widget.TextView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.Shadows;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;

/** A bundle from the phone's files: taken over whole, or refused with the old one in use. */
@RunWith(PhoneRunner.class)
@Config(sdk = 35, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class LoadedBundleTest {
  private static Map<String, byte[]> colour() throws IOException {
    return Phone.files(Phone.COLOUR_BUNDLE);
  }

  private static String description(Map<String, byte[]> files) {
    return new String(files.get("model.json"), StandardCharsets.UTF_8);
  }

  @Test
  public void aZipIsTakenOverCheckedAndOutlivesTheScreen() throws Exception {
    MainActivity main = Phone.main();
    Phone.load(main, R.id.zip, Phone.zip(colour()));

    assertTrue(main.getActionBar().getSubtitle().toString().contains("colour"));
    assertFalse(Phone.text(main, R.id.state), main.findViewById(R.id.state).isShown());
    long models = colour().keySet().stream().filter(name -> name.endsWith(".tflite")).count();
    RadioGroup choice = main.findViewById(R.id.models);
    assertEquals(models, choice.getChildCount());
    assertTrue("the first is chosen", ((RadioButton) choice.getChildAt(0)).isChecked());
    Intent check = Shadows.shadowOf(main).getNextStartedActivity();
    assertEquals(CheckActivity.class.getName(), check.getComponent().getClassName());
    assertTrue(Phone.main().getActionBar().getSubtitle().toString().contains("colour"));
  }

  @Test
  public void theBuiltInBundleComesBack() throws Exception {
    MainActivity main = Phone.main();
    String own = main.getActionBar().getSubtitle().toString();
    Phone.load(main, R.id.zip, Phone.zip(colour()));
    Shadows.shadowOf(main).clickMenuItem(R.id.own);
    Phone.settle();

    assertEquals(own, main.getActionBar().getSubtitle().toString());
  }

  @Test
  public void aFolderIsTakenOverToo() throws Exception {
    Uri tree = FolderProvider.of(Phone.COLOUR_BUNDLE);
    MainActivity main = Phone.main();
    Phone.load(main, R.id.folder, tree);

    assertTrue(
        Phone.text(main, R.id.state),
        main.getActionBar().getSubtitle().toString().contains("colour"));
  }

  @Test
  public void whatSystemsPackUnaskedIsNotSeen() throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("my bundle/.DS_Store", new byte[10]);
    colour().forEach((name, content) -> files.put("my bundle/" + name, content));
    colour().keySet().forEach(name -> files.put("__MACOSX/my bundle/._" + name, new byte[10]));
    files.put("my bundle/Thumbs.db", new byte[10]);
    assertTaken(Phone.zipOf(files));

    Path folder = Files.createTempDirectory("folder");
    for (Map.Entry<String, byte[]> file : colour().entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
      Files.write(folder.resolve("._" + file.getKey()), new byte[10]);
    }
    Files.write(folder.resolve("desktop.ini"), new byte[10]);
    MainActivity main = Phone.main();
    Phone.load(main, R.id.folder, FolderProvider.of(folder));
    assertFalse(Phone.text(main, R.id.state), main.findViewById(R.id.state).isShown());
  }

  @Test
  public void itsFilesLieInOneFolderAtAnyDepth() throws Exception {
    Map<String, byte[]> deep = new LinkedHashMap<>();
    Map<String, byte[]> ofWindows = new LinkedHashMap<>();
    colour()
        .forEach(
            (name, content) -> {
              deep.put("runs/first/bundle/" + name, content);
              ofWindows.put("bundle\\" + name, content);
            });
    assertTaken(Phone.zipOf(colour()));
    assertTaken(Phone.zipOf(deep));
    assertTaken(Phone.zipOf(ofWindows));
  }

  @Test
  public void theMembersOfAFamilyHaveTheirOwnNames() throws Exception {
    Map<String, byte[]> files = colour();
    String of = "\"network\": \"pruned\",";
    String family = description(files);
    // One begins with the other, and one is called like a precision.
    for (String member : new String[] {"net", "net-s", "binary"}) {
      family =
          family.replaceFirst(of + "(?!\\s*\"member\")", of + "\n\"member\": \"" + member + "\",");
    }
    files.put("model.json", family.getBytes(StandardCharsets.UTF_8));
    MainActivity main = Phone.main();
    Phone.load(main, R.id.zip, Phone.zip(files));

    List<String> titles =
        Phone.all(main.findViewById(R.id.models)).stream()
            .filter(view -> view instanceof TextView)
            .map(view -> ((TextView) view).getText().toString())
            .toList();
    assertEquals(titles.size(), new HashSet<>(titles).size());
    for (String member : new String[] {"net ", "net-s ", "binary "}) {
      assertEquals(titles.toString(), 1, titles.stream().filter(t -> t.startsWith(member)).count());
    }
  }

  private static void assertTaken(Uri zip) throws Exception {
    MainActivity main = Phone.main();
    Phone.load(main, R.id.zip, zip);
    assertFalse(Phone.text(main, R.id.state), main.findViewById(R.id.state).isShown());
    assertTrue(main.getActionBar().getSubtitle().toString().contains("colour"));
  }

  @Test
  public void theOutcomeReachesTheScreenThatIsThereAfterARotation() throws Exception {
    ActivityController<MainActivity> controller = Phone.start(new Intent());
    Uri zip = Phone.zip(colour());
    var resolver = Phone.app().getContentResolver();
    Phone.app().change(store -> store.load(IncomingFiles.zip(resolver, zip)));
    controller.recreate();
    Phone.settle();

    assertTrue(controller.get().getActionBar().getSubtitle().toString().contains("colour"));
  }

  @Test
  public void aBundleDamagedAfterwardsIsSaidAndTheBuiltInOneIsOneTouchAway() throws Exception {
    MainActivity main = Phone.main();
    Phone.load(main, R.id.zip, Phone.zip(colour()));
    Path loaded = main.getFilesDir().toPath().resolve("bundle-a");
    Phone.app().change(store -> {});
    Files.write(loaded.resolve(TestBundle.FULL), new byte[10]);
    ActivityController<CheckActivity> check =
        Robolectric.buildActivity(CheckActivity.class).setup();
    Phone.settle();

    assertEquals(
        check.get().getString(R.string.check_broken), Phone.text(check.get(), R.id.verdict));
    assertTrue(Phone.text(check.get(), R.id.advice).contains(TestBundle.FULL));
    Phone.keep(check.get(), "check-broken");
    Phone.click(check.get(), R.id.own);
    assertEquals(
        check.get().getString(R.string.check_passed), Phone.text(check.get(), R.id.verdict));
  }
}

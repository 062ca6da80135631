package shallows.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import android.content.Intent;
import android.net.Uri;
import android.widget.RadioButton;
import android.widget.RadioGroup;
import android.widget.TextView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.json.JSONArray;
import org.json.JSONObject;
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
  private static final int MEGABYTE = 1 << 20;

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
    Map<String, byte[]> two = new LinkedHashMap<>();
    colour()
        .forEach(
            (name, content) -> {
              deep.put("runs/first/bundle/" + name, content);
              ofWindows.put("bundle\\" + name, content);
              two.put((name.endsWith(".png") ? "a/" : "b/") + name, content);
            });
    assertTaken(Phone.zipOf(colour()));
    assertTaken(Phone.zipOf(deep));
    assertTaken(Phone.zipOf(ofWindows));
    Shadows.shadowOf(Phone.main()).clickMenuItem(R.id.own);
    Phone.settle();
    assertRefused(Phone.zipOf(two), "more than one folder");
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
  public void aSampleThatIsAnotherIsRefused() throws Exception {
    Map<String, byte[]> files = colour();
    files.put("sample1.png", files.get("sample2.png"));

    assertRefused(Phone.zip(files), "sample1.png is not the file that was verified");
  }

  @Test
  public void oneChangedByteOfAModelIsRefused() throws Exception {
    Map<String, byte[]> files = colour();
    files.get(TestBundle.PRUNED)[1000] ^= 1;

    assertRefused(Phone.zip(files), TestBundle.PRUNED + " is not the file that was verified");
  }

  @Test
  public void recordedOutputsThatTheModelsDoNotGiveAreRefused() throws Exception {
    Map<String, byte[]> files = colour();
    String changed = description(files).replaceFirst("(\"small-fp32.tflite\": \\[\\s*)-?", "$199");
    files.put("model.json", changed.getBytes(StandardCharsets.UTF_8));

    assertRefused(Phone.zip(files), "differs from what was verified");
  }

  /** Weights of one bit, and values of floats: a hundredth is no rounding. */
  @Test
  public void whatComputesWithFloatsIsHeldToThem() throws Exception {
    Map<String, byte[]> files = colour();
    JSONObject json = new JSONObject(description(files));
    JSONArray samples = json.getJSONArray("samples");
    for (int i = 0; i < samples.length(); i++) {
      JSONArray logits =
          samples.getJSONObject(i).getJSONObject("logits").getJSONArray("small-binary.tflite");
      for (int c = 0; c < logits.length(); c++) {
        logits.put(c, logits.getDouble(c) + 0.02 * Math.max(1, Math.abs(logits.getDouble(c))));
      }
    }
    files.put("model.json", json.toString().getBytes(StandardCharsets.UTF_8));

    assertRefused(Phone.zip(files), "small-binary.tflite differs from what was verified");
  }

  @Test
  public void anUnknownVersionIsRefused() throws Exception {
    Map<String, byte[]> files = colour();
    String newer = description(files).replaceFirst("\"version\": 1", "\"version\": 7");
    files.put("model.json", newer.getBytes(StandardCharsets.UTF_8));

    assertRefused(Phone.zip(files), "version 7, this app knows 1");
  }

  @Test
  public void whatIsTooLargeIsRefused() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      // Zeros, a thousandth of it when packed.
      zip.putNextEntry(new ZipEntry("zeros.tflite"));
      for (long n = 0; n <= BundleStore.LARGEST; n += MEGABYTE) {
        zip.write(new byte[MEGABYTE]);
      }
    }

    assertRefused(Phone.file(bytes.toByteArray()), "larger than 256 MB");
  }

  @Test
  public void whatIsNoBundleIsRefused() throws Exception {
    assertRefused(Phone.file(new byte[] {1, 2}), "no model.json");
    assertRefused(Phone.file(new byte[0]), "no model.json");
    assertRefused(Phone.zip(Map.of("a.txt", new byte[3])), "no model.json");
    assertRefused(Phone.zip(Map.of("model.json", "[".getBytes())), "model.json is damaged");
    assertRefused(Phone.zip(Map.of("..", new byte[3])), "file name");
    Map<String, byte[]> files = colour();
    files.remove("sample2.png");
    assertRefused(Phone.zip(files), "sample2.png");
    files.remove(TestBundle.FULL);
    assertRefused(Phone.zip(files), TestBundle.FULL);
    byte[] whole = Files.readAllBytes(Path.of(Phone.zip(colour()).getPath()));
    assertRefused(Phone.file(java.util.Arrays.copyOf(whole, whole.length / 2)), "");
    assertRefused(Uri.parse("file:///nowhere/at/all.zip"), "");
  }

  /** What the app throws that a file is from, or TFLite in the midst of a check. */
  @Test
  public void whateverGoesWrongIsSaid() throws Exception {
    Uri broken = Uri.parse("content://broken.app/bundle.zip");
    Shadows.shadowOf(Phone.app().getContentResolver())
        .registerInputStreamSupplier(
            broken,
            () -> {
              throw new IllegalArgumentException("no such column");
            });
    assertRefused(broken, "no such column");

    MainActivity main = Phone.main();
    Phone.app()
        .change(
            store -> {
              throw new IllegalStateException("TFLite failed");
            });
    Phone.settle();
    String said = Phone.text(main, R.id.state);
    assertTrue(said, said.startsWith("Not loaded: TFLite failed"));
  }

  /** The message, the old bundle in use, and no trace of the new one. */
  private static void assertRefused(Uri zip, String reason) throws Exception {
    ActivityController<MainActivity> controller = Phone.start(new Intent());
    MainActivity main = controller.get();
    String own = main.getActionBar().getSubtitle().toString();
    Phone.load(main, R.id.zip, zip);

    String said = Phone.text(main, R.id.state);
    assertTrue(said, main.findViewById(R.id.state).isShown());
    assertTrue(said, said.startsWith("Not loaded: ") && said.contains(reason));
    assertEquals(own, main.getActionBar().getSubtitle().toString());
    Phone.clickSample(main, 1);
    assertTrue(!Phone.bars(main).isEmpty());
    assertEquals(0, main.getFilesDir().list().length);
    Phone.keep(main, "refused");
    controller.pause().stop().destroy();
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

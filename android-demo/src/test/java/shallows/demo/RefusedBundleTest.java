package shallows.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import android.content.Intent;
import android.net.Uri;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Shadows;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;

/** Bundles that are loaded and are none, or not whole: the one in use stays. */
@RunWith(PhoneRunner.class)
@Config(sdk = 35, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class RefusedBundleTest {
  private static final int MEGABYTE = 1 << 20;
  private static final String INT8 = "small-int8.tflite";

  private static Map<String, byte[]> colour() throws IOException {
    return Phone.files(Phone.COLOUR_BUNDLE);
  }

  private static String description(Map<String, byte[]> files) {
    return new String(files.get("model.json"), StandardCharsets.UTF_8);
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
    Map<String, byte[]> files = moved("small-binary.tflite", 0.02, 0.5);

    assertRefused(Phone.zip(files), "small-binary.tflite differs from what was verified");
  }

  @Test
  public void whatComputesWithIntegersMayRoundOtherwiseHere() throws Exception {
    Map<String, byte[]> files = moved(INT8, 0.3, 0.2);
    Map<String, byte[]> unexplained = moved(INT8, 0.3, 0.1);
    MainActivity main = Phone.main();
    Phone.load(main, R.id.zip, Phone.zip(files));
    try (OpenBundle open = Phone.app().store().open()) {
      assertEquals(3, open.bundle().input().channels());
      for (SelfCheck.Result result : SelfCheck.of(open)) {
        assertTrue(result.problem(), result.passed());
      }
    }
    Phone.app().change(BundleStore::forget);
    Phone.settle();
    assertRefused(Phone.zip(unexplained), INT8 + " differs from what was verified");
  }

  @Test
  public void aRoundingThatIsNoneIsRefused() throws Exception {
    for (String rounding : List.of("-1", "\"Infinity\"", "\"NaN\"")) {
      Map<String, byte[]> files = moved(INT8, 0, 77);
      String changed = description(files).replace("\"rounding\":77", "\"rounding\":" + rounding);
      assertNotEquals(description(files), changed);
      files.put("model.json", changed.getBytes(StandardCharsets.UTF_8));

      assertRefused(Phone.zip(files), "rounding of " + INT8);
    }
  }

  /**
   * The bundle as if another runtime had verified a file.
   *
   * @param by what its outputs are off by, as a part of each, or of 1
   * @param rounding what is said of it that rounding explains
   */
  private static Map<String, byte[]> moved(String file, double by, double rounding)
      throws Exception {
    Map<String, byte[]> files = colour();
    JSONObject json = new JSONObject(description(files));
    JSONArray models = json.getJSONArray("models");
    for (int i = 0; i < models.length(); i++) {
      if (models.getJSONObject(i).getString("file").equals(file)) {
        models.getJSONObject(i).put("rounding", rounding);
      }
    }
    JSONArray samples = json.getJSONArray("samples");
    for (int i = 0; i < samples.length(); i++) {
      JSONArray logits = samples.getJSONObject(i).getJSONObject("logits").getJSONArray(file);
      for (int c = 0; c < logits.length(); c++) {
        logits.put(c, logits.getDouble(c) + by * Math.max(1, Math.abs(logits.getDouble(c))));
      }
    }
    files.put("model.json", json.toString().getBytes(StandardCharsets.UTF_8));
    return files;
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

  @Test
  public void filesInTwoFoldersAreRefused() throws Exception {
    Map<String, byte[]> two = new LinkedHashMap<>();
    colour()
        .forEach((name, content) -> two.put((name.endsWith(".png") ? "a/" : "b/") + name, content));

    assertRefused(Phone.zipOf(two), "more than one folder");
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
}

package shallows.demo;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import android.app.Activity;
import android.content.ClipData;
import android.content.Intent;
import android.graphics.Bitmap;
import android.graphics.Canvas;
import android.net.Uri;
import android.os.SystemClock;
import android.view.MotionEvent;
import android.view.View;
import android.view.ViewGroup;
import android.widget.Spinner;
import android.widget.TextView;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.Shadows;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;
import org.robolectric.shadows.ShadowLooper;

/** Every screen, with TFLite of the host and the bundle of {@link TestBundle}. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class ScreensTest {
  private static final Path BUNDLE = Path.of(System.getProperty("test.bundle"));

  @Test
  public void theFirstStartChecksItselfAndShowsTheSamples() throws Exception {
    Activity main = started(new Intent());
    int lightness = keep(main, "main").getPixel(5, 700) & 0xff;

    assertTrue("light, was " + lightness, lightness > 0xc0);
    assertTrue(text(main, R.id.state), text(main, R.id.state).contains("all 2 models"));
    assertEquals(3, main.<ViewGroup>findViewById(R.id.samples).getChildCount());
    assertEquals(2, text(main, R.id.compared).split("\n").length);
  }

  @Test
  @Config(qualifiers = "+night")
  public void itHasADarkTheme() throws Exception {
    int lightness = keep(started(new Intent()), "main-night").getPixel(5, 700) & 0xff;

    assertTrue("dark, was " + lightness, lightness < 0x60);
  }

  @Test
  public void everySampleGetsTheOutputsThatWereVerified() throws Exception {
    DemoApplication app = (DemoApplication) RuntimeEnvironment.getApplication();
    OpenBundle open = app.store().open();
    try (open) {
      for (ModelBundle.Sample sample : open.bundle().samples()) {
        List<Answer> answers = open.answers(open.sample(sample));
        for (Answer answer : answers) {
          float[] recorded = sample.logits().get(answer.model().file());
          Answer expected = Answer.of(answer.model(), recorded, 0);
          // The same library on the same processor, so only the order of threads could differ.
          assertArrayEquals(expected.probabilities(), answer.probabilities(), 1e-5f);
        }
      }
    }
  }

  @Test
  public void rotationKeepsPictureAndModel() throws Exception {
    ActivityController<MainActivity> controller = controller(new Intent());
    MainActivity main = controller.get();
    main.<ViewGroup>findViewById(R.id.samples).getChildAt(2).performClick();
    main.<Spinner>findViewById(R.id.model).setSelection(1);
    settle();
    String answer = text(main, R.id.answer).replaceAll(" in .*", "");
    String bars = bars(main);
    controller.recreate();
    settle();

    assertEquals(1, controller.get().<Spinner>findViewById(R.id.model).getSelectedItemPosition());
    assertEquals(answer, text(controller.get(), R.id.answer).replaceAll(" in .*", ""));
    assertEquals(bars, bars(controller.get()));
  }

  @Test
  public void aSharedPictureIsClassifiedAsTheSampleThatItIs() throws Exception {
    Activity sampled = started(new Intent());
    sampled.<ViewGroup>findViewById(R.id.samples).getChildAt(1).performClick();
    settle();
    Intent share = new Intent(Intent.ACTION_SEND).setType("image/png");
    share.setClipData(
        ClipData.newRawUri("", file(Files.readAllBytes(BUNDLE.resolve("sample2.png")))));

    assertEquals(bars(sampled), bars(started(share)));
  }

  @Test
  public void whatIsNoPictureIsSaid() throws Exception {
    Intent share = new Intent(Intent.ACTION_SEND).setType("image/png");
    share.setClipData(ClipData.newRawUri("", file(new byte[100])));
    Activity main = started(share);

    assertEquals(main.getString(R.string.unreadable), text(main, R.id.state));
  }

  @Test
  public void aDrawingIsClassified() throws Exception {
    ActivityController<DrawActivity> drawing =
        Robolectric.buildActivity(DrawActivity.class).setup();
    View surface = drawing.get().findViewById(R.id.drawing);
    float side = surface.getWidth();
    touch(surface, MotionEvent.ACTION_DOWN, side * 0.2f, side * 0.5f);
    touch(surface, MotionEvent.ACTION_MOVE, side * 0.8f, side * 0.9f);
    touch(surface, MotionEvent.ACTION_MOVE, side * 0.2f, side * 1.3f);
    touch(surface, MotionEvent.ACTION_UP, side * 0.2f, side * 1.3f);
    keep(drawing.get(), "draw");
    drawing.get().findViewById(R.id.done).performClick();
    Intent result = Shadows.shadowOf(drawing.get()).getResultIntent();

    MainActivity main = controller(new Intent()).get();
    main.findViewById(R.id.draw).performClick();
    Intent asked = Shadows.shadowOf(main).getNextStartedActivity();
    Shadows.shadowOf(main).receiveResult(asked, Activity.RESULT_OK, result);
    settle();
    assertEquals(2, text(main, R.id.compared).split("\n").length);
    keep(main, "drawn");
  }

  @Test
  public void aCancelledCameraChangesNothing() throws Exception {
    MainActivity main = controller(new Intent()).get();
    String before = bars(main);
    main.findViewById(R.id.camera).performClick();
    Intent asked = Shadows.shadowOf(main).getNextStartedActivity();
    Shadows.shadowOf(main).receiveResult(asked, Activity.RESULT_CANCELED, null);
    settle();

    assertEquals(before, bars(main));
  }

  @Test
  public void aDamagedBundleLeavesTheOldOneWorking() throws Exception {
    MainActivity main = controller(new Intent()).get();
    byte[] model = Files.readAllBytes(BUNDLE.resolve(TestBundle.PRUNED));
    model[model.length / 2] ^= 1;
    for (byte[] zip :
        List.of(new byte[] {1, 2}, zip("model.json", "{\"version\":2}".getBytes()), zip(model))) {
      main.load(file(zip));
      settle();

      assertTrue(text(main, R.id.state), text(main, R.id.state).startsWith("Not loaded: "));
      main.<ViewGroup>findViewById(R.id.samples).getChildAt(0).performClick();
      settle();
      assertEquals(2, text(main, R.id.compared).split("\n").length);
    }
  }

  @Test
  public void anotherBundleIsLoadedAndTheBuiltInOneComesBack() throws Exception {
    MainActivity main = controller(new Intent()).get();
    main.load(file(zip(Files.readAllBytes(BUNDLE.resolve(TestBundle.PRUNED)))));
    settle();

    assertTrue(text(main, R.id.state), text(main, R.id.state).contains("all 2 models"));
    File loaded = new File(main.getFilesDir(), "bundle");
    assertTrue(loaded.isDirectory());
    Shadows.shadowOf(main).clickMenuItem(R.id.own);
    settle();
    assertTrue(text(main, R.id.state), text(main, R.id.state).contains("all 2 models"));
    assertTrue(!loaded.exists());
  }

  @Test
  public void theBenchmarkIsSharedAsText() throws Exception {
    ActivityController<BenchmarkActivity> controller =
        Robolectric.buildActivity(BenchmarkActivity.class).setup();
    BenchmarkActivity screen = controller.get();
    screen.findViewById(R.id.run).performClick();
    settle();
    String table = text(screen, R.id.table);
    assertEquals(table, 4, table.split("\n").length);
    keep(screen, "benchmark");
    screen.findViewById(R.id.share).performClick();
    Intent chooser = Shadows.shadowOf(screen).getNextStartedActivity();
    Intent send = chooser.getParcelableExtra(Intent.EXTRA_INTENT, Intent.class);

    assertEquals(table, send.getStringExtra(Intent.EXTRA_TEXT));
  }

  private static ActivityController<MainActivity> controller(Intent intent) throws Exception {
    ActivityController<MainActivity> controller =
        Robolectric.buildActivity(MainActivity.class, intent).setup();
    settle();
    return controller;
  }

  private static Activity started(Intent intent) throws Exception {
    return controller(intent).get();
  }

  /** Worker and screen hand work to each other a few times. */
  private static void settle() throws Exception {
    DemoApplication app = (DemoApplication) RuntimeEnvironment.getApplication();
    for (int i = 0; i < 6; i++) {
      app.worker().submit(() -> {}).get();
      ShadowLooper.idleMainLooper();
    }
  }

  private static String text(Activity activity, int id) {
    return activity.<TextView>findViewById(id).getText().toString();
  }

  private static String bars(Activity activity) {
    StringBuilder all = new StringBuilder();
    ViewGroup bars = activity.findViewById(R.id.bars);
    for (int i = 0; i < bars.getChildCount(); i += 2) {
      all.append(((TextView) bars.getChildAt(i)).getText()).append('\n');
    }
    assertTrue(all.length() > 0);
    return all.toString();
  }

  private static void touch(View view, int action, float x, float y) {
    long now = SystemClock.uptimeMillis();
    view.dispatchTouchEvent(MotionEvent.obtain(now, now, action, x, y, 0));
  }

  private static Uri file(byte[] content) throws IOException {
    File file =
        File.createTempFile("given", null, RuntimeEnvironment.getApplication().getCacheDir());
    Files.write(file.toPath(), content);
    return Uri.fromFile(file);
  }

  /** The bundle as a zip, with this content of its second model. */
  private static byte[] zip(byte[] pruned) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes);
        var files = Files.list(BUNDLE)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        zip.putNextEntry(new ZipEntry("bundle/" + name));
        zip.write(name.equals(TestBundle.PRUNED) ? pruned : Files.readAllBytes(file));
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] zip(String name, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content);
    }
    return bytes.toByteArray();
  }

  /** A picture of the screen, for the README and for whoever looks. */
  private static Bitmap keep(Activity activity, String name) throws IOException {
    View view = activity.getWindow().getDecorView();
    assertTrue(view.getWidth() > 0);
    Bitmap bitmap = Bitmap.createBitmap(view.getWidth(), view.getHeight(), Bitmap.Config.ARGB_8888);
    view.draw(new Canvas(bitmap));
    Path folder = Files.createDirectories(Path.of(System.getProperty("screenshots")));
    try (OutputStream out = new FileOutputStream(folder.resolve(name + ".png").toFile())) {
      assertTrue(bitmap.compress(Bitmap.CompressFormat.PNG, 100, out));
    }
    return bitmap;
  }
}

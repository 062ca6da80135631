package shallows.demo;

import static org.junit.Assert.assertTrue;

import android.app.Activity;
import android.content.Intent;
import android.graphics.Bitmap;
import android.graphics.Canvas;
import android.net.Uri;
import android.view.View;
import android.view.ViewGroup;
import android.widget.TextView;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.robolectric.Robolectric;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.Shadows;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.shadows.ShadowLooper;

/** What the tests of the screens do and see, like somebody who holds a phone. */
final class Phone {
  /** The bundle in the APK under test. */
  static final Path BUNDLE = Path.of(System.getProperty("test.bundle"));

  /** A bundle for colour pictures. */
  static final Path COLOUR_BUNDLE = BUNDLE.resolveSibling("test-bundle-colour");

  /** One of a thousand classes and 224 pixels. */
  static final Path LARGE_BUNDLE = BUNDLE.resolveSibling("test-bundle-large");

  /** One of blocks of every form. */
  static final Path FORMS_BUNDLE = BUNDLE.resolveSibling("test-bundle-forms");

  private Phone() {}

  static ActivityController<MainActivity> start(Intent intent) throws Exception {
    return start(MainActivity.class, intent);
  }

  static <T extends Activity> ActivityController<T> start(Class<T> screen, Intent intent)
      throws Exception {
    ActivityController<T> controller = Robolectric.buildActivity(screen, intent).setup();
    settle();
    return controller;
  }

  static MainActivity main() throws Exception {
    return start(new Intent()).get();
  }

  static DemoApplication app() {
    return (DemoApplication) RuntimeEnvironment.getApplication();
  }

  /** Worker and screen hand work to each other a few times. */
  static void settle() throws Exception {
    for (int i = 0; i < 6; i++) {
      app().worker().submit(() -> {}).get();
      ShadowLooper.idleMainLooper();
    }
  }

  static void click(Activity screen, int id) throws Exception {
    View view = screen.findViewById(id);
    assertTrue("can be seen and touched", view.isShown() && view.isEnabled());
    // What it returns is whether it has a listener, which a switch does not need.
    view.performClick();
    settle();
  }

  static void clickSample(Activity main, int index) throws Exception {
    assertTrue(main.<ViewGroup>findViewById(R.id.samples).getChildAt(index).performClick());
    settle();
  }

  static String text(Activity screen, int id) {
    return screen.<TextView>findViewById(id).getText().toString();
  }

  /** What TalkBack reads of each child, one a line. */
  static String read(Activity screen, int parent) {
    StringBuilder all = new StringBuilder();
    ViewGroup rows = screen.findViewById(parent);
    for (int i = 0; i < rows.getChildCount(); i++) {
      all.append(rows.getChildAt(i).getContentDescription()).append('\n');
    }
    return all.toString();
  }

  /** The classes of the shown answer with their percentages; never empty. */
  static String bars(Activity screen) {
    String bars = read(screen, R.id.bars);
    assertTrue("an answer is shown", !bars.isEmpty());
    return bars;
  }

  static List<View> all(View root) {
    List<View> views = new ArrayList<>(List.of(root));
    if (root instanceof ViewGroup group) {
      for (int i = 0; i < group.getChildCount(); i++) {
        views.addAll(all(group.getChildAt(i)));
      }
    }
    return views;
  }

  static Uri file(byte[] content) throws IOException {
    File file = File.createTempFile("given", null, app().getCacheDir());
    Files.write(file.toPath(), content);
    return Uri.fromFile(file);
  }

  /** Chooses a bundle: the menu's item asks for it, the chooser hands it over. */
  static void load(MainActivity main, int item, Uri chosen) throws Exception {
    Shadows.shadowOf(main).clearNextStartedActivities();
    Shadows.shadowOf(main).clickMenuItem(item);
    Shadows.shadowOf(main)
        .receiveResult(
            Shadows.shadowOf(main).getNextStartedActivity(),
            Activity.RESULT_OK,
            new Intent().setData(chosen));
    settle();
  }

  /** The content of the bundle's files by their names. */
  static Map<String, byte[]> files(Path bundle) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(bundle)) {
      for (Path file : all.toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  /** The files in a folder, as most people pack one. */
  static Uri zip(Map<String, byte[]> files) throws IOException {
    Map<String, byte[]> inFolder = new TreeMap<>();
    files.forEach((name, content) -> inFolder.put("bundle/" + name, content));
    return zipOf(inFolder);
  }

  /**
   * @param files content by path
   */
  static Uri zipOf(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
      }
    }
    return file(bytes.toByteArray());
  }

  /** A picture of the screen, for whoever looks. */
  static Bitmap keep(Activity screen, String name) throws IOException {
    View view = screen.getWindow().getDecorView();
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

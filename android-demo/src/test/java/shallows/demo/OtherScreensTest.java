package shallows.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import android.app.Activity;
import android.content.Intent;
import android.os.SystemClock;
import android.view.MotionEvent;
import android.view.View;
import android.view.ViewGroup;
import android.widget.RadioGroup;
import android.widget.TextView;
import java.util.concurrent.CountDownLatch;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Shadows;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;
import shallows.data.decode.ImagePixels;

/** Self-check, drawing, benchmark and licences. */
@RunWith(PhoneRunner.class)
@Config(sdk = 35, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class OtherScreensTest {
  private static <T extends Activity> T open(Class<T> screen) throws Exception {
    return Phone.start(screen, new Intent()).get();
  }

  @Test
  public void theSelfCheckSaysThatEverythingWorks() throws Exception {
    CheckActivity screen = open(CheckActivity.class);
    String rows = Phone.read(screen, R.id.results);
    Phone.keep(screen, "check");

    assertEquals(screen.getString(R.string.check_passed), Phone.text(screen, R.id.verdict));
    assertTrue(rows, rows.contains("pruned int8 passed. "));
    assertFalse(rows, rows.contains(" failed. "));
    assertFalse(screen.findViewById(R.id.again).isShown());
    Phone.click(screen, R.id.done);
    assertTrue(screen.isFinishing());
  }

  @Test
  public void aDrawingIsHandedOverAndClassified() throws Exception {
    DrawActivity screen = open(DrawActivity.class);
    assertFalse("nothing drawn yet", screen.findViewById(R.id.done).isEnabled());
    drawSeven(screen.findViewById(R.id.drawing));
    Phone.keep(screen, "draw");
    Phone.click(screen, R.id.done);
    assertEquals(Activity.RESULT_OK, Shadows.shadowOf(screen).getResultCode());

    MainActivity main = Phone.main();
    Shadows.shadowOf(main).clearNextStartedActivities();
    Phone.click(main, R.id.draw);
    Intent asked = Shadows.shadowOf(main).getNextStartedActivity();
    assertEquals(DrawActivity.class.getName(), asked.getComponent().getClassName());
    String before = Phone.bars(main);
    Shadows.shadowOf(main).receiveResult(asked, Activity.RESULT_OK, null);
    Phone.settle();
    assertFalse(before.equals(Phone.bars(main)));
    Phone.keep(main, "drawn");
  }

  @Test
  public void aDrawingOutlivesARotationAndCanBeCleared() throws Exception {
    ActivityController<DrawActivity> controller = Phone.start(DrawActivity.class, new Intent());
    DrawingView drawing = controller.get().findViewById(R.id.drawing);
    drawSeven(drawing);
    ImagePixels before = Pictures.pixels(drawing.bitmap());
    controller.recreate();
    Phone.settle();
    DrawingView turned = controller.get().findViewById(R.id.drawing);

    org.junit.Assert.assertArrayEquals(before.bytes(), Pictures.pixels(turned.bitmap()).bytes());
    assertTrue(controller.get().findViewById(R.id.done).isEnabled());
    Phone.click(controller.get(), R.id.clear);
    assertTrue(turned.isEmpty());
    assertFalse(controller.get().findViewById(R.id.done).isEnabled());
  }

  @Test
  public void anotherFingerOnTheGlassDrawsNothing() throws Exception {
    DrawingView alone = open(DrawActivity.class).findViewById(R.id.drawing);
    drawSeven(alone);
    DrawingView drawing = open(DrawActivity.class).findViewById(R.id.drawing);
    float side = drawing.getWidth();
    touch(drawing, MotionEvent.ACTION_DOWN, side * 0.2f, side * 0.2f);
    // The one that draws comes second where another went down meanwhile.
    long now = SystemClock.uptimeMillis();
    for (float[] point : new float[][] {{0.8f, 0.2f}, {0.4f, 0.85f}}) {
      MotionEvent.PointerProperties[] fingers = {finger(1), finger(0)};
      MotionEvent.PointerCoords[] places = {
        place(side * 0.9f, side * 0.9f), place(side * point[0], side * point[1])
      };
      drawing.dispatchTouchEvent(
          MotionEvent.obtain(
              now, now, MotionEvent.ACTION_MOVE, 2, fingers, places, 0, 0, 1, 1, 0, 0, 0, 0));
    }
    touch(drawing, MotionEvent.ACTION_UP, side * 0.4f, side * 0.85f);

    org.junit.Assert.assertArrayEquals(
        Pictures.pixels(alone.bitmap()).bytes(), Pictures.pixels(drawing.bitmap()).bytes());
  }

  private static MotionEvent.PointerProperties finger(int id) {
    MotionEvent.PointerProperties finger = new MotionEvent.PointerProperties();
    finger.id = id;
    return finger;
  }

  private static MotionEvent.PointerCoords place(float x, float y) {
    MotionEvent.PointerCoords place = new MotionEvent.PointerCoords();
    place.x = x;
    place.y = y;
    return place;
  }

  private static void drawSeven(View surface) {
    float side = surface.getWidth();
    assertEquals("a square", surface.getHeight(), side, 0);
    touch(surface, MotionEvent.ACTION_DOWN, side * 0.2f, side * 0.2f);
    touch(surface, MotionEvent.ACTION_MOVE, side * 0.8f, side * 0.2f);
    touch(surface, MotionEvent.ACTION_MOVE, side * 0.4f, side * 0.85f);
    touch(surface, MotionEvent.ACTION_UP, side * 0.4f, side * 0.85f);
  }

  private static void touch(View view, int action, float x, float y) {
    long now = SystemClock.uptimeMillis();
    assertTrue(view.dispatchTouchEvent(MotionEvent.obtain(now, now, action, x, y, 0)));
  }

  @Test
  public void theBenchmarkMeasuresEveryModelAndIsSharedAsText() throws Exception {
    BenchmarkActivity screen = open(BenchmarkActivity.class);
    assertFalse(screen.findViewById(R.id.share).isEnabled());
    screen.<RadioGroup>findViewById(R.id.runs).check(R.id.few);
    Phone.click(screen, R.id.run);
    String table = Phone.text(screen, R.id.table);
    Phone.keep(screen, "benchmark");

    assertTrue(table, table.contains("median ms of 10 runs at batch 1"));
    String[] lines = table.trim().split("\n");
    int models =
        ModelBundle.read(new BundleFiles.Assets(screen.getAssets(), "bundle")).models().size();
    assertEquals(table, 3 + models, lines.length);
    for (int i = 3; i < lines.length; i++) {
      assertTrue(lines[i], lines[i].matches("\\S+ \\S+ +[\\d.]+( +[\\d.]+){4}"));
    }
    Shadows.shadowOf(screen).clearNextStartedActivities();
    Phone.click(screen, R.id.share);
    Intent chooser = Shadows.shadowOf(screen).getNextStartedActivity();
    Intent send = chooser.getParcelableExtra(Intent.EXTRA_INTENT, Intent.class);
    assertEquals("text/plain", send.getType());
    assertEquals(table, send.getStringExtra(Intent.EXTRA_TEXT));
  }

  @Test
  public void theBenchmarkGoesOnWhileTheScreenIsTurned() throws Exception {
    ActivityController<BenchmarkActivity> controller =
        Phone.start(BenchmarkActivity.class, new Intent());
    controller.get().<RadioGroup>findViewById(R.id.runs).check(R.id.few);
    // Small models are measured faster than a screen turns.
    CountDownLatch turned = new CountDownLatch(1);
    Phone.app()
        .worker()
        .submit(
            () -> {
              turned.await();
              return null;
            });
    controller.get().findViewById(R.id.run).performClick();
    controller.recreate();
    assertEquals(controller.get().getString(R.string.stop), Phone.text(controller.get(), R.id.run));
    turned.countDown();
    Phone.settle();

    assertEquals(controller.get().getString(R.string.run), Phone.text(controller.get(), R.id.run));
    assertTrue(Phone.text(controller.get(), R.id.table).contains("pruned int8"));
  }

  @Test
  public void aBenchmarkThatIsStoppedOrLeftIsOver() throws Exception {
    ActivityController<BenchmarkActivity> controller =
        Phone.start(BenchmarkActivity.class, new Intent());
    controller.get().findViewById(R.id.run).performClick();
    controller.get().findViewById(R.id.run).performClick();
    assertFalse(Phone.app().benchmark().isRunning());
    controller.get().findViewById(R.id.run).performClick();
    controller.get().finish();
    controller.pause().stop().destroy();
    Phone.settle();

    assertFalse(Phone.app().benchmark().isRunning());
    assertEquals("", Phone.app().benchmark().table());
  }

  @Test
  public void theLicencesOfTheLibrariesCanBeRead() throws Exception {
    LicensesActivity screen = open(LicensesActivity.class);
    ViewGroup texts = screen.findViewById(R.id.texts);
    Phone.keep(screen, "licences");

    assertTrue(Phone.text(screen, R.id.notices).contains("TensorFlow Lite"));
    assertTrue(texts.getChildCount() >= 8);
    for (int i = 0; i < texts.getChildCount(); i++) {
      View item = texts.getChildAt(i);
      assertFalse(item.findViewById(R.id.text).isShown());
      assertTrue(item.findViewById(R.id.title).performClick());
      assertTrue(item.findViewById(R.id.text).isShown());
      assertTrue(item.<TextView>findViewById(R.id.text).length() > 100);
    }
  }
}

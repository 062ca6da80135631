package shallows.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import android.app.Activity;
import android.content.Intent;
import android.content.pm.PackageManager;
import android.graphics.Bitmap;
import android.graphics.Insets;
import android.graphics.Rect;
import android.view.View;
import android.view.WindowInsets;
import android.widget.TextView;
import java.util.List;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;

/** What holds for every screen: themes, large fonts, TalkBack, and the bars of the system. */
@RunWith(PhoneRunner.class)
@Config(sdk = 35, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class LookTest {
  /** What Android's guidelines ask of anything that is touched. */
  private static final int TOUCH_DP = 48;

  /** The largest font of Android's settings. */
  private static final float LARGEST_FONT = 2;

  private static final int LIGHT = 0xc0;
  private static final int DARK = 0x40;

  private static final List<Class<? extends Activity>> SCREENS =
      List.of(
          MainActivity.class,
          CameraActivity.class,
          DrawActivity.class,
          CheckActivity.class,
          BenchmarkActivity.class,
          LicensesActivity.class);

  private static Activity open(Class<? extends Activity> screen) throws Exception {
    return Phone.start(screen, new Intent()).get();
  }

  private static int lightness(Class<? extends Activity> screen, String suffix) throws Exception {
    Activity opened = open(screen);
    Bitmap picture =
        Phone.keep(opened, screen.getSimpleName().replace("Activity", "").toLowerCase() + suffix);
    // Left of everything, in the middle of the height.
    return picture.getPixel(2, picture.getHeight() / 2) & 0xff;
  }

  @Test
  public void everyScreenIsLightByDay() throws Exception {
    for (Class<? extends Activity> screen : SCREENS) {
      int lightness = lightness(screen, "-day");
      assertTrue(screen + " was " + lightness, lightness > LIGHT);
    }
  }

  @Test
  @Config(qualifiers = "+night")
  public void everyScreenIsDarkByNight() throws Exception {
    for (Class<? extends Activity> screen : SCREENS) {
      int lightness = lightness(screen, "-night");
      assertTrue(screen + " was " + lightness, lightness < DARK);
    }
  }

  @Test
  public void withTheLargestFontNothingIsCutOff() throws Exception {
    RuntimeEnvironment.setFontScale(LARGEST_FONT);
    for (Class<? extends Activity> screen : SCREENS) {
      Activity opened = open(screen);
      if (opened instanceof MainActivity) {
        Phone.click(opened, R.id.compare);
      }
      Phone.keep(opened, screen.getSimpleName().replace("Activity", "").toLowerCase() + "-large");
      for (View view : Phone.all(opened.findViewById(android.R.id.content))) {
        if (view.isShown() && view instanceof TextView text && text.getLayout() != null) {
          String what = screen.getSimpleName() + ": " + text.getText();
          int room = text.getHeight() - text.getTotalPaddingTop() - text.getTotalPaddingBottom();
          assertTrue(what, text.getLayout().getHeight() <= room);
          for (int line = 0; line < text.getLineCount(); line++) {
            assertEquals(what, 0, text.getLayout().getEllipsisCount(line));
          }
        }
      }
    }
  }

  @Test
  public void whatIsTouchedIsLargeEnoughAndHasWordsForTalkBack() throws Exception {
    for (Class<? extends Activity> screen : SCREENS) {
      Activity opened = open(screen);
      float density = opened.getResources().getDisplayMetrics().density;
      int touched = 0;
      for (View view : Phone.all(opened.findViewById(android.R.id.content))) {
        boolean panel = view.getId() == R.id.explained;
        // The three dots are Android's own, 40 by 48.
        boolean dots = view.getClass().getName().startsWith("android.widget.ActionMenu");
        if (view.isClickable() && view.isShown() && !panel && !dots) {
          touched++;
          String what = screen.getSimpleName() + ": " + view;
          assertTrue(what, view.getWidth() >= TOUCH_DP * density);
          assertTrue(what, view.getHeight() >= TOUCH_DP * density);
          assertTrue(what, hasWords(view));
        }
      }
      assertTrue(screen.getSimpleName(), touched > 0);
    }
  }

  private static boolean hasWords(View view) {
    return view.getContentDescription() != null && view.getContentDescription().length() > 0
        || view instanceof TextView text && text.length() > 0;
  }

  @Test
  public void answersAreReadOutWhenTheyChange() throws Exception {
    MainActivity main = Phone.main();
    assertEquals(
        View.ACCESSIBILITY_LIVE_REGION_POLITE,
        main.findViewById(R.id.answer).getAccessibilityLiveRegion());
    assertEquals(
        View.ACCESSIBILITY_LIVE_REGION_POLITE,
        main.findViewById(R.id.state).getAccessibilityLiveRegion());
    assertTrue(Phone.read(main, R.id.samples).startsWith("Sample 1: "));
  }

  @Test
  public void theBarsOfTheSystemCoverNothing() throws Exception {
    for (Class<? extends Activity> screen : SCREENS) {
      Activity opened = open(screen);
      View toolbar = opened.findViewById(R.id.toolbar);
      View content = opened.findViewById(R.id.content);
      Rect ownOfToolbar = padding(toolbar);
      Rect ownOfContent = padding(content);
      WindowInsets bars =
          new WindowInsets.Builder()
              .setInsets(WindowInsets.Type.systemBars(), Insets.of(0, 70, 0, 90))
              .setInsets(WindowInsets.Type.displayCutout(), Insets.of(40, 0, 0, 0))
              .build();
      opened.getWindow().getDecorView().dispatchApplyWindowInsets(bars);

      assertEquals(ownOfToolbar.top + 70, toolbar.getPaddingTop());
      assertEquals(ownOfToolbar.left + 40, toolbar.getPaddingLeft());
      assertEquals(ownOfContent.bottom + 90, content.getPaddingBottom());
      assertEquals(ownOfContent.left + 40, content.getPaddingLeft());
      assertEquals(ownOfContent.top, content.getPaddingTop());
    }
  }

  private static Rect padding(View view) {
    return new Rect(
        view.getPaddingLeft(),
        view.getPaddingTop(),
        view.getPaddingRight(),
        view.getPaddingBottom());
  }

  @Test
  public void onlyTheCameraMayBeAskedFor() throws Exception {
    PackageManager packages = RuntimeEnvironment.getApplication().getPackageManager();
    String[] permissions =
        packages.getPackageInfo("shallows.demo", PackageManager.GET_PERMISSIONS)
            .requestedPermissions;

    assertEquals(List.of("android.permission.CAMERA"), List.of(permissions));
  }
}

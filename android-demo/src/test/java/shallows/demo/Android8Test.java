package shallows.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import android.content.Intent;
import android.view.View;
import android.view.ViewGroup;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;

/** The oldest Android that the app runs on: every screen opens and does what it is for. */
@RunWith(PhoneRunner.class)
@Config(sdk = 26, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class Android8Test {
  @Test
  public void picturesAreClassifiedAndCompared() throws Exception {
    ActivityController<MainActivity> controller = Phone.start(new Intent());
    Phone.click(controller.get(), R.id.compare);
    controller.recreate();
    Phone.settle();
    MainActivity main = controller.get();
    Phone.keep(main, "android8-main");
    // Which came with 8.1.
    assertEquals(View.GONE, main.findViewById(R.id.nnapi).getVisibility());

    assertEquals(
        main.<ViewGroup>findViewById(R.id.models).getChildCount(),
        Phone.read(main, R.id.compared).split("\n").length);
  }

  @Test
  public void theSelfCheckPasses() throws Exception {
    CheckActivity screen = Phone.start(CheckActivity.class, new Intent()).get();

    assertEquals(screen.getString(R.string.check_passed), Phone.text(screen, R.id.verdict));
  }

  @Test
  public void theOtherScreensOpen() throws Exception {
    Phone.start(CameraActivity.class, new Intent());
    Phone.start(DrawActivity.class, new Intent());
    BenchmarkActivity benchmark = Phone.start(BenchmarkActivity.class, new Intent()).get();
    assertTrue(benchmark.findViewById(R.id.run).isEnabled());
    LicensesActivity about = Phone.start(LicensesActivity.class, new Intent()).get();
    assertTrue(Phone.text(about, R.id.notices).contains("JavaCPP"));
  }

  @Test
  public void anotherBundleIsLoaded() throws Exception {
    MainActivity main = Phone.main();
    Phone.load(main, R.id.zip, Phone.zip(Phone.files(Phone.COLOUR_BUNDLE)));

    assertTrue(main.getActionBar().getSubtitle().toString().contains("colour"));
  }
}

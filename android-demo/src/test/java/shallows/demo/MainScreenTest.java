package shallows.demo;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import android.app.Activity;
import android.content.ClipData;
import android.content.Intent;
import android.os.Bundle;
import android.os.Parcel;
import android.view.View;
import android.view.ViewGroup;
import android.widget.RadioGroup;
import android.widget.ScrollView;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.Shadows;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;

/** The main screen, with TFLite of the host and the bundle of the APK. */
@RunWith(PhoneRunner.class)
@Config(sdk = 35, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class MainScreenTest {
  /** What is put into the state of an app has to stay below a megabyte for the whole of it. */
  private static final int LARGEST_STATE = 100_000;

  private static int models() throws Exception {
    return ModelBundle.read(new BundleFiles.Assets(Phone.app().getAssets(), "bundle"))
        .models()
        .size();
  }

  @Test
  public void theFirstStartOpensTheSelfCheckAndLaterOnesDoNot() throws Exception {
    MainActivity first = Phone.main();
    Intent check = Shadows.shadowOf(first).getNextStartedActivity();
    assertEquals(CheckActivity.class.getName(), check.getComponent().getClassName());
    Phone.start(CheckActivity.class, check);

    assertNull(Shadows.shadowOf(Phone.main()).getNextStartedActivity());
  }

  @Test
  public void aSampleIsShownWithTheAnswerOfTheFirstModel() throws Exception {
    MainActivity main = Phone.main();
    Phone.keep(main, "main");

    assertEquals(9, main.<ViewGroup>findViewById(R.id.samples).getChildCount());
    assertEquals(models(), main.<ViewGroup>findViewById(R.id.models).getChildCount());
    assertEquals(3, Phone.bars(main).split("\n").length);
    assertTrue(Phone.text(main, R.id.cost), Phone.text(main, R.id.cost).startsWith("full fp32 · "));
    assertFalse(main.findViewById(R.id.state).isShown());
    assertFalse(main.findViewById(R.id.compared).isShown());
  }

  @Test
  @Config(qualifiers = "+night")
  public void theSwitchComparesTheWholeFamilyOnTheSamePicture() throws Exception {
    MainActivity main = Phone.main();
    Phone.click(main, R.id.compare);
    String rows = Phone.read(main, R.id.compared);
    main.<ScrollView>findViewById(R.id.content).fullScroll(View.FOCUS_DOWN);
    Phone.settle();
    Phone.keep(main, "compared-night");

    assertEquals(rows, models(), rows.split("\n").length);
    assertTrue(rows, rows.contains("full fp32: "));
    assertTrue(rows, rows.contains("pruned fp32: "));
    assertTrue(rows, rows.contains("pruned int8: "));
    assertTrue(
        rows, rows.lines().allMatch(row -> row.matches(".*: .*, \\d+ %, .* [kM]B · [\\d.]+ ms")));
    Phone.click(main, R.id.compare);
    assertFalse(main.findViewById(R.id.compared).isShown());
  }

  @Test
  public void everyModelGivesTheOutputsThatWereVerified() throws Exception {
    try (OpenBundle open = Phone.app().store().open()) {
      List<Integer> all = IntStream.range(0, models()).boxed().toList();
      for (ModelBundle.Sample sample : open.bundle().samples()) {
        for (Answer answer : open.answers(open.sample(sample), all)) {
          float[] recorded = sample.logits().get(answer.model().file());
          Answer expected = Answer.of(answer.model(), recorded, 0);
          // The same library on the same processor, so only the order of threads could differ; and
          // other kernels round integers where filters were packed when the file was verified.
          float same = answer.model().precision().equals("mixed") ? 0.05f : 1e-5f;
          assertArrayEquals(expected.probabilities(), answer.probabilities(), same);
        }
      }
    }
  }

  @Test
  public void everyModelGivesEverySampleOfARealBundleTheClassThatWasVerified() throws Exception {
    assumeTrue("needs -Dbundle=RUN/bundle", !System.getProperty("real.bundle").equals("none"));
    MainActivity main = Phone.main();
    Phone.click(main, R.id.compare);
    ModelBundle bundle =
        ModelBundle.read(new BundleFiles.Assets(Phone.app().getAssets(), "bundle"));
    for (int i = 0; i < bundle.samples().size(); i++) {
      Phone.clickSample(main, i);
      String rows = Phone.read(main, R.id.compared);
      for (ModelBundle.Model model : bundle.models()) {
        float[] verified = bundle.samples().get(i).logits().get(model.file());
        String label = bundle.labels().get(Answer.of(model, verified, 0).best());
        String expected = model.title() + ": " + label + ", ";
        assertTrue(expected + " in " + rows, rows.contains(expected));
      }
    }
  }

  @Test
  public void rotationKeepsPictureModelAndComparison() throws Exception {
    ActivityController<MainActivity> controller = Phone.start(new Intent());
    leave(controller.get());
    String bars = Phone.bars(controller.get());
    controller.recreate();
    Phone.settle();

    assertKept(controller.get(), bars);
  }

  @Test
  public void processDeathKeepsPictureModelAndComparison() throws Exception {
    ActivityController<MainActivity> controller = Phone.start(new Intent());
    leave(controller.get());
    String bars = Phone.bars(controller.get());
    Bundle state = new Bundle();
    controller.pause().stop().saveInstanceState(state).destroy();
    Parcel parcel = Parcel.obtain();
    parcel.writeBundle(state);
    assertTrue(parcel.dataSize() + " bytes", parcel.dataSize() < LARGEST_STATE);
    parcel.setDataPosition(0);
    Bundle restored = parcel.readBundle(getClass().getClassLoader());
    parcel.recycle();
    MainActivity main = Robolectric.buildActivity(MainActivity.class).setup(restored).get();
    Phone.settle();

    assertKept(main, bars);
  }

  /** Another picture, another model, the comparison: nothing as it was at the start. */
  private static void leave(MainActivity main) throws Exception {
    Phone.clickSample(main, 2);
    main.<RadioGroup>findViewById(R.id.models).check(1);
    Phone.click(main, R.id.compare);
  }

  private static void assertKept(Activity main, String bars) throws Exception {
    assertEquals(1, main.<RadioGroup>findViewById(R.id.models).getCheckedRadioButtonId());
    assertEquals(bars, Phone.bars(main));
    assertEquals(models(), Phone.read(main, R.id.compared).split("\n").length);
  }

  @Test
  public void aSharedPictureIsClassifiedAsTheSampleThatItIs() throws Exception {
    MainActivity sampled = Phone.main();
    Phone.clickSample(sampled, 1);
    String bars = Phone.bars(sampled);

    assertEquals(bars, Phone.bars(Phone.start(share("sample2.png")).get()));
  }

  @Test
  public void aPictureSharedLaterComesToTheScreenThatIsThere() throws Exception {
    ActivityController<MainActivity> controller = Phone.start(new Intent());
    Phone.clickSample(controller.get(), 1);
    String bars = Phone.bars(controller.get());
    Phone.clickSample(controller.get(), 0);
    controller.newIntent(share("sample2.png"));
    Phone.settle();

    assertEquals(bars, Phone.bars(controller.get()));
  }

  private static Intent share(String sample) throws Exception {
    Intent share = new Intent(Intent.ACTION_SEND).setType("image/png");
    share.setClipData(
        ClipData.newRawUri("", Phone.file(Files.readAllBytes(Phone.BUNDLE.resolve(sample)))));
    return share;
  }

  @Test
  public void whatIsNoPictureIsSaid() throws Exception {
    Intent share = new Intent(Intent.ACTION_SEND).setType("image/png");
    share.setClipData(ClipData.newRawUri("", Phone.file(new byte[100])));
    MainActivity main = Phone.start(share).get();

    assertEquals(main.getString(R.string.unreadable), Phone.text(main, R.id.state));
    assertTrue(main.findViewById(R.id.state).isShown());
  }

  @Test
  public void thePickerGivesAPictureAndCancellingItChangesNothing() throws Exception {
    MainActivity main = Phone.main();
    Phone.clickSample(main, 1);
    String bars = Phone.bars(main);
    Phone.clickSample(main, 0);
    String before = Phone.bars(main);
    Shadows.shadowOf(main).clearNextStartedActivities();
    Phone.click(main, R.id.gallery);
    Intent asked = Shadows.shadowOf(main).getNextStartedActivity();
    assertEquals(Intent.ACTION_GET_CONTENT, asked.getAction());
    Shadows.shadowOf(main).receiveResult(asked, Activity.RESULT_CANCELED, null);
    Phone.settle();
    assertEquals(before, Phone.bars(main));

    Phone.click(main, R.id.gallery);
    Intent picked =
        new Intent().setData(Phone.file(Files.readAllBytes(Phone.BUNDLE.resolve("sample2.png"))));
    Shadows.shadowOf(main)
        .receiveResult(Shadows.shadowOf(main).getNextStartedActivity(), Activity.RESULT_OK, picked);
    Phone.settle();
    assertEquals(bars, Phone.bars(main));
  }

  @Test
  public void lightAndDarkAreSwappedAndSwappedBack() throws Exception {
    MainActivity main = Phone.main();
    String before = Phone.bars(main);
    Phone.click(main, R.id.invert);
    assertNotEquals(before, Phone.bars(main));
    Phone.click(main, R.id.invert);

    assertEquals(before, Phone.bars(main));
  }

  @Test
  public void theMenuLeadsToEveryOtherScreen() throws Exception {
    MainActivity main = Phone.main();
    Shadows.shadowOf(main).clearNextStartedActivities();
    int[] items = {R.id.benchmark, R.id.check, R.id.about};
    Class<?>[] screens = {BenchmarkActivity.class, CheckActivity.class, LicensesActivity.class};
    for (int i = 0; i < items.length; i++) {
      Shadows.shadowOf(main).clickMenuItem(items[i]);
      Intent next = Shadows.shadowOf(main).getNextStartedActivity();
      assertEquals(screens[i].getName(), next.getComponent().getClassName());
    }
  }

  @Test
  @Config(qualifiers = "w800dp-h400dp-land-xhdpi")
  public void aWideScreenHasPictureAndAnswerBesideEachOther() throws Exception {
    MainActivity main = Phone.main();
    int[] picture = new int[2];
    int[] answer = new int[2];
    main.findViewById(R.id.picture).getLocationInWindow(picture);
    main.findViewById(R.id.answer).getLocationInWindow(answer);
    Phone.keep(main, "main-wide");

    assertTrue(answer[0] > picture[0] + main.findViewById(R.id.picture).getWidth());
  }

  @Test
  public void drawingIsOfferedForPicturesOfOneChannelAlone() throws Exception {
    MainActivity main = Phone.main();
    assertEquals(View.VISIBLE, main.findViewById(R.id.draw).getVisibility());
    Phone.load(main, R.id.zip, Phone.zip(Phone.files(Phone.COLOUR_BUNDLE)));

    assertEquals(View.GONE, main.findViewById(R.id.draw).getVisibility());
    assertEquals(View.GONE, main.findViewById(R.id.invert).getVisibility());
  }
}

package shallows.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import android.graphics.Rect;
import android.text.Layout;
import android.view.View;
import android.view.ViewGroup;
import android.widget.ScrollView;
import android.widget.TextView;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;

/** A thousand classes with names of many words, and 224 pixels, on a small phone. */
@RunWith(PhoneRunner.class)
@Config(sdk = 35, qualifiers = "w320dp-h568dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class LargeBundleTest {
  private static final int CLASSES = 1000;

  @Test
  public void labelsWrapAndTheScreenScrolls() throws Exception {
    MainActivity main = Phone.main();
    int few = Phone.all(main.findViewById(android.R.id.content)).size();
    Phone.load(main, R.id.folder, FolderProvider.of(Phone.LARGE_BUNDLE));
    assertTrue(main.getActionBar().getSubtitle().toString().contains("large"));
    ViewGroup choices = main.findViewById(R.id.choices);
    View more = choices.getChildAt(Choice.CLASSES.ordinal()).findViewById(R.id.more);
    while (more.isEnabled()) {
      more.performClick();
    }
    Phone.settle();
    Phone.click(main, R.id.compare);
    Phone.keep(main, "large");

    ViewGroup bars = main.findViewById(R.id.bars);
    assertEquals(10, bars.getChildCount());
    for (int i = 0; i < bars.getChildCount(); i++) {
      assertWraps(bars.getChildAt(i).findViewById(R.id.label));
    }
    assertWraps(main.findViewById(R.id.answer));
    ViewGroup rows = main.findViewById(R.id.compared);
    for (int i = 0; i < rows.getChildCount(); i++) {
      assertWraps(rows.getChildAt(i).findViewById(R.id.label));
    }
    // What is shown, not what there is, takes views.
    int views = Phone.all(main.findViewById(android.R.id.content)).size();
    assertTrue(views + " views", views < few + 100);
    assertScrollsTo(main.findViewById(R.id.content), main.findViewById(R.id.nnapi));
  }

  @Test
  public void theSelfCheckPassesWithAllOutputs() throws Exception {
    Phone.load(Phone.main(), R.id.folder, FolderProvider.of(Phone.LARGE_BUNDLE));
    CheckActivity check = Phone.start(CheckActivity.class, new android.content.Intent()).get();

    assertEquals(check.getString(R.string.check_passed), Phone.text(check, R.id.verdict));
    Phone.app()
        .work(
            open -> open.bundle().samples().get(0).logits().values().iterator().next().length,
            outputs -> assertEquals(CLASSES, (int) outputs),
            problem -> {
              throw new AssertionError(problem);
            });
    Phone.settle();
  }

  /** Over several lines, all of it, inside the screen. */
  private static void assertWraps(TextView text) {
    Layout layout = text.getLayout();
    String what = text.getText().toString();
    assertTrue(what, layout.getLineCount() > 1);
    assertEquals(what, text.length(), layout.getLineEnd(layout.getLineCount() - 1));
    for (int line = 0; line < layout.getLineCount(); line++) {
      assertEquals(what, 0, layout.getEllipsisCount(line));
    }
    assertTrue(what, layout.getHeight() <= text.getHeight());
    int[] place = new int[2];
    text.getLocationInWindow(place);
    int width = text.getRootView().getWidth();
    assertTrue(what, place[0] >= 0 && place[0] + text.getWidth() <= width);
  }

  private static void assertScrollsTo(ScrollView screen, View last) throws Exception {
    assertTrue(screen.canScrollVertically(1));
    screen.scrollTo(0, screen.getChildAt(0).getHeight());
    Phone.settle();
    Rect seen = new Rect();
    assertTrue(last.getGlobalVisibleRect(seen));
  }
}

package shallows.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import android.view.View;
import android.view.ViewGroup;
import java.util.List;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.annotation.Config;

/** What is chosen of how answers are computed and shown. */
@RunWith(PhoneRunner.class)
@Config(sdk = 35)
public class ChoicesTest {
  @Test
  public void howManyClassesAreShownAndFromWhichProbabilityIsRemembered() throws Exception {
    MainActivity main = Phone.main();
    List<Float> probabilities = shown(main);
    assertEquals(3, probabilities.size());
    step(main, Choice.CLASSES, R.id.more, 7);
    List<Float> all = shown(main);
    assertEquals(10, all.size());
    assertFalse(row(main, Choice.CLASSES).findViewById(R.id.more).isEnabled());
    step(main, Choice.LEAST, R.id.more, 1);
    List<Float> likely = shown(main);

    assertEquals(all.subList(0, likely.size()), likely);
    assertTrue(likely.stream().allMatch(percent -> percent >= 10));
    assertTrue(all.stream().skip(likely.size()).allMatch(percent -> percent <= 10));
    assertEquals(likely, shown(Phone.main()));
    step(main, Choice.LEAST, R.id.more, 8);
    assertEquals("90 %", Choice.LEAST.shown(main));
    boolean unsure = Phone.text(main, R.id.answer).equals(main.getString(R.string.unsure));
    assertEquals(all.get(0) < 90, unsure);
    assertEquals(unsure, shown(main).isEmpty());
  }

  @Test
  public void threadsAreChangedWhileItRuns() throws Exception {
    MainActivity main = Phone.main();
    String bars = Phone.bars(main);
    step(main, Choice.THREADS, R.id.more, 2);
    boolean[] three = {false};
    Phone.app().work(open -> open.isAs(3, false), found -> three[0] = found, problem -> {});
    Phone.settle();

    assertTrue(three[0]);
    assertEquals(bars, Phone.bars(main));
  }

  private static View row(MainActivity main, Choice choice) {
    return main.<ViewGroup>findViewById(R.id.choices).getChildAt(choice.ordinal());
  }

  private static void step(MainActivity main, Choice choice, int button, int times)
      throws Exception {
    for (int i = 0; i < times; i++) {
      assertTrue(row(main, choice).findViewById(button).performClick());
      Phone.settle();
    }
  }

  /** The percentages beside the bars. */
  private static List<Float> shown(MainActivity main) {
    return Phone.read(main, R.id.bars)
        .lines()
        .map(line -> Float.valueOf(line.replaceAll(".*, ([\\d.]+) %", "$1")))
        .toList();
  }
}

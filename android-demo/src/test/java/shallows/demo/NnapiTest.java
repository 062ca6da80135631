package shallows.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import android.content.Context;
import android.widget.Switch;
import java.nio.file.Files;
import java.nio.file.Path;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.annotation.Config;

/**
 * NNAPI is asked for, checked, used or not used, and that is said. The library of the host has no
 * NNAPI behind the same interface, so here TFLite's own kernels compute all that it would.
 */
@RunWith(PhoneRunner.class)
@Config(sdk = 35)
public class NnapiTest {
  @Test
  public void itIsUsedWhereItAnswersAsWasVerified() throws Exception {
    MainActivity main = Phone.main();
    assertFalse(isUsed());
    ask(main);

    assertTrue(isUsed());
    assertEquals(main.getString(R.string.nnapi_used), Phone.text(main, R.id.nnapi_state));
    assertFalse(Phone.bars(main).isEmpty());
    assertTrue("after the next start too", isUsed());
    assertTrue(Phone.main().<Switch>findViewById(R.id.nnapi).isChecked());
    ask(main);
    assertFalse(isUsed());
    assertFalse(main.findViewById(R.id.nnapi_state).isShown());
  }

  /** The recorded outputs of one model are changed behind the app's back. */
  @Test
  public void itIsNotUsedWhereItAnswersOtherwiseAndTheDifferenceIsSaid() throws Exception {
    MainActivity main = Phone.main();
    Phone.load(main, R.id.folder, FolderProvider.of(Phone.COLOUR_BUNDLE));
    Path file = main.getFilesDir().toPath().resolve("bundle-a/model.json");
    JSONObject json = new JSONObject(Files.readString(file));
    JSONArray samples = json.getJSONArray("samples");
    for (int i = 0; i < samples.length(); i++) {
      JSONArray logits =
          samples.getJSONObject(i).getJSONObject("logits").getJSONArray(TestBundle.FULL);
      logits.put(0, logits.getDouble(0) + 1 + i);
    }
    Files.writeString(file, json.toString());
    Phone.app().change(store -> {});
    Phone.settle();
    ask(main);

    String said = Phone.text(main, R.id.nnapi_state);
    assertTrue(said, said.startsWith("Not used: full fp32 differs from what was verified by "));
    assertTrue(said, said.endsWith(" of the largest output; at most 0.0010 is allowed"));
    double difference = Double.parseDouble(said.replaceAll(".* by ([\\d.]+) of.*", "$1"));
    assertTrue(said, difference > 0.2);
    assertFalse(main.<Switch>findViewById(R.id.nnapi).isChecked());
    assertFalse(isUsed());
    assertFalse(Phone.bars(main).isEmpty());
  }

  @Test
  public void oneThatEndedTheProcessIsNotTriedAgainUnasked() throws Exception {
    MainActivity main = Phone.main();
    ask(main);
    // What stays of a process that ends while it is tried.
    Phone.app()
        .getSharedPreferences("nnapi", Context.MODE_PRIVATE)
        .edit()
        .putBoolean("trying", true)
        .commit();
    Phone.app().change(store -> {});
    MainActivity again = Phone.main();

    assertFalse(isUsed());
    assertEquals(again.getString(R.string.nnapi_ended), Phone.text(again, R.id.nnapi_state));
    ask(again);
    assertTrue(isUsed());
  }

  private static void ask(MainActivity main) throws Exception {
    Phone.click(main, R.id.nnapi);
  }

  private static boolean isUsed() throws Exception {
    boolean[] used = {false};
    Phone.app()
        .work(
            OpenBundle::isOnNnapi,
            found -> used[0] = found,
            problem -> {
              throw new AssertionError(problem);
            });
    Phone.settle();
    return used[0];
  }
}

package shallows.demo;

import static org.junit.Assert.assertEquals;

import android.content.Intent;
import android.widget.RadioGroup;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;

/** What pruning without training leaves: narrow, linear and scaled blocks, in every precision. */
@RunWith(PhoneRunner.class)
@Config(sdk = 35, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class FormsBundleTest {
  @Test
  public void everyFileGivesWhatWasWrittenDownOfIt() throws Exception {
    MainActivity main = Phone.main();
    Phone.load(main, R.id.folder, FolderProvider.of(Phone.FORMS_BUNDLE));
    long files =
        Phone.files(Phone.FORMS_BUNDLE).keySet().stream()
            .filter(name -> name.endsWith(".tflite"))
            .count();
    RadioGroup models = main.findViewById(R.id.models);
    assertEquals(files, models.getChildCount());
    assertEquals("fp32, int8, binary and mixed", 4, files);

    CheckActivity check = Phone.start(CheckActivity.class, new Intent()).get();
    assertEquals(check.getString(R.string.check_passed), Phone.text(check, R.id.verdict));
  }
}

package shallows.demo;

import android.os.Bundle;
import android.widget.TextView;
import java.io.IOException;

/** Draws a picture and hands it over. */
public final class DrawActivity extends Screen {
  private DrawingView drawing;

  public DrawActivity() {
    super(R.layout.draw, true);
  }

  @Override
  protected void onCreate(Bundle saved) {
    super.onCreate(saved);
    drawing = findViewById(R.id.drawing);
    drawing.onChange(this::enable);
    onClick(R.id.clear, drawing::clear);
    onClick(R.id.done, this::hand);
    enable();
  }

  /** There is nothing to clear or to classify before the first stroke. */
  private void enable() {
    findViewById(R.id.clear).setEnabled(!drawing.isEmpty());
    findViewById(R.id.done).setEnabled(!drawing.isEmpty());
    setVisible(R.id.hint, drawing.isEmpty());
  }

  @Override
  protected void onRestoreInstanceState(Bundle saved) {
    super.onRestoreInstanceState(saved);
    enable();
  }

  private void hand() {
    var picture = Pictures.pixels(drawing.bitmap());
    work(
        open -> {
          try {
            PictureFile.handedOver(getCacheDir()).write(picture);
            return picture;
          } catch (IOException e) {
            throw new DamagedBundle(getString(R.string.no_room), e);
          }
        },
        written -> {
          setResult(RESULT_OK);
          finish();
        },
        problem -> {
          setVisible(R.id.hint, true);
          this.<TextView>findViewById(R.id.hint).setText(problem);
        });
  }
}

package shallows.demo;

import android.app.Activity;
import android.content.Intent;
import android.graphics.Bitmap;
import android.os.Bundle;

/** Draws a picture and hands it back, small. */
public final class DrawActivity extends Activity {
  /** The extra of the result: an ARGB picture as a camera app hands one back. */
  static final String PICTURE = "data";

  /** Side of the picture handed back: large enough for any small network, small for an intent. */
  private static final int SIDE = 256;

  @Override
  protected void onCreate(Bundle state) {
    super.onCreate(state);
    setContentView(R.layout.draw);
    DrawingView drawing = findViewById(R.id.drawing);
    findViewById(R.id.clear).setOnClickListener(button -> drawing.clear());
    findViewById(R.id.done)
        .setOnClickListener(
            button -> {
              Bitmap whole = drawing.bitmap();
              int side = Math.min(whole.getWidth(), whole.getHeight());
              Bitmap middle =
                  Bitmap.createBitmap(
                      whole,
                      (whole.getWidth() - side) / 2,
                      (whole.getHeight() - side) / 2,
                      side,
                      side);
              Bitmap small = Bitmap.createScaledBitmap(middle, SIDE, SIDE, true);
              setResult(RESULT_OK, new Intent().putExtra(PICTURE, small));
              finish();
            });
  }
}

package shallows.demo;

import android.content.Context;
import android.graphics.Bitmap;
import android.graphics.Canvas;
import android.graphics.Color;
import android.graphics.Paint;
import android.graphics.Path;
import android.util.AttributeSet;
import android.view.MotionEvent;
import android.view.View;

/** White on black, as the drawing-like data sets have it. */
public final class DrawingView extends View {
  /** Of the shorter side: about two pixels of a 28x28 picture. */
  private static final float STROKE = 0.08f;

  private final Paint paint = new Paint(Paint.ANTI_ALIAS_FLAG);
  private final Path path = new Path();

  public DrawingView(Context context, AttributeSet attributes) {
    super(context, attributes);
    paint.setColor(Color.WHITE);
    paint.setStyle(Paint.Style.STROKE);
    paint.setStrokeCap(Paint.Cap.ROUND);
    paint.setStrokeJoin(Paint.Join.ROUND);
  }

  void clear() {
    path.reset();
    invalidate();
  }

  /** The drawing, as large as the view. */
  Bitmap bitmap() {
    Bitmap bitmap = Bitmap.createBitmap(getWidth(), getHeight(), Bitmap.Config.ARGB_8888);
    draw(new Canvas(bitmap));
    return bitmap;
  }

  @Override
  protected void onDraw(Canvas canvas) {
    canvas.drawColor(Color.BLACK);
    paint.setStrokeWidth(STROKE * Math.min(getWidth(), getHeight()));
    canvas.drawPath(path, paint);
  }

  @Override
  public boolean onTouchEvent(MotionEvent event) {
    if (event.getActionMasked() == MotionEvent.ACTION_DOWN) {
      path.moveTo(event.getX(), event.getY());
    } else if (event.getActionMasked() == MotionEvent.ACTION_MOVE) {
      path.lineTo(event.getX(), event.getY());
    } else if (event.getActionMasked() == MotionEvent.ACTION_UP) {
      performClick();
    }
    invalidate();
    return true;
  }

  @Override
  public boolean performClick() {
    return super.performClick();
  }
}

package shallows.demo;

import android.content.Context;
import android.graphics.Bitmap;
import android.graphics.Canvas;
import android.graphics.Color;
import android.graphics.Paint;
import android.graphics.Path;
import android.os.Bundle;
import android.os.Parcelable;
import android.util.AttributeSet;
import android.view.MotionEvent;
import android.view.View;
import java.util.ArrayList;
import java.util.List;

/** A square to draw on, white on black, as the drawing-like data sets have it. */
public final class DrawingView extends View {
  /** Of the side: about two pixels of a 28x28 picture. */
  private static final float STROKE = 0.08f;

  /** Side of the picture handed over: several times that of a network of drawings. */
  private static final int SIDE = 256;

  private static final String VIEW = "view";
  private static final String STROKES = "strokes";

  private final Paint paint = new Paint(Paint.ANTI_ALIAS_FLAG);

  /** Points x, y as parts of the side, so that they outlive a change of size. */
  private final List<List<Float>> strokes = new ArrayList<>();

  /** The one that draws; what else touches the glass meanwhile does not. */
  private int finger;

  private Runnable changed = () -> {};

  public DrawingView(Context context, AttributeSet attributes) {
    super(context, attributes);
    paint.setColor(Color.WHITE);
    paint.setStyle(Paint.Style.STROKE);
    paint.setStrokeCap(Paint.Cap.ROUND);
    paint.setStrokeJoin(Paint.Join.ROUND);
  }

  void onChange(Runnable listener) {
    changed = listener;
  }

  boolean isEmpty() {
    return strokes.isEmpty();
  }

  void clear() {
    strokes.clear();
    invalidate();
    changed.run();
  }

  /** The drawing, the same whatever the size of the view. */
  Bitmap bitmap() {
    Bitmap bitmap = Bitmap.createBitmap(SIDE, SIDE, Bitmap.Config.ARGB_8888);
    draw(new Canvas(bitmap), SIDE);
    return bitmap;
  }

  @Override
  protected void onMeasure(int width, int height) {
    int side =
        Math.min(
            MeasureSpec.getMode(width) == MeasureSpec.UNSPECIFIED
                ? Integer.MAX_VALUE
                : MeasureSpec.getSize(width),
            MeasureSpec.getMode(height) == MeasureSpec.UNSPECIFIED
                ? Integer.MAX_VALUE
                : MeasureSpec.getSize(height));
    setMeasuredDimension(side, side);
  }

  @Override
  protected void onDraw(Canvas canvas) {
    draw(canvas, getWidth());
  }

  private void draw(Canvas canvas, float side) {
    canvas.drawColor(Color.BLACK);
    paint.setStrokeWidth(STROKE * side);
    Path path = new Path();
    for (List<Float> stroke : strokes) {
      path.moveTo(stroke.get(0) * side, stroke.get(1) * side);
      for (int i = 0; i < stroke.size(); i += 2) {
        // From the first point to itself: a tap is a dot.
        path.lineTo(stroke.get(i) * side, stroke.get(i + 1) * side);
      }
    }
    canvas.drawPath(path, paint);
  }

  @Override
  public boolean onTouchEvent(MotionEvent event) {
    switch (event.getActionMasked()) {
      case MotionEvent.ACTION_DOWN -> {
        // A scrolling screen leaves the finger alone.
        getParent().requestDisallowInterceptTouchEvent(true);
        strokes.add(new ArrayList<>());
        finger = event.getPointerId(0);
        add(event.getX(), event.getY());
        changed.run();
      }
      case MotionEvent.ACTION_MOVE -> {
        int index = event.findPointerIndex(finger);
        for (int i = 0; index >= 0 && i < event.getHistorySize(); i++) {
          add(event.getHistoricalX(index, i), event.getHistoricalY(index, i));
        }
        if (index >= 0) {
          add(event.getX(index), event.getY(index));
        }
      }
      case MotionEvent.ACTION_UP -> performClick();
      default -> {
        return false;
      }
    }
    invalidate();
    return true;
  }

  private void add(float x, float y) {
    // A move without a beginning comes after a clearing in the midst of a stroke.
    if (!strokes.isEmpty()) {
      List<Float> stroke = strokes.get(strokes.size() - 1);
      stroke.add(x / getWidth());
      stroke.add(y / getWidth());
    }
  }

  @Override
  public boolean performClick() {
    return super.performClick();
  }

  @Override
  protected Parcelable onSaveInstanceState() {
    Bundle state = new Bundle();
    state.putParcelable(VIEW, super.onSaveInstanceState());
    ArrayList<Bundle> all = new ArrayList<>();
    for (List<Float> stroke : strokes) {
      float[] points = new float[stroke.size()];
      for (int i = 0; i < points.length; i++) {
        points[i] = stroke.get(i);
      }
      Bundle one = new Bundle();
      one.putFloatArray(STROKES, points);
      all.add(one);
    }
    state.putParcelableArrayList(STROKES, all);
    return state;
  }

  @Override
  @SuppressWarnings("deprecation") // The getters with a class came with API 33.
  protected void onRestoreInstanceState(Parcelable saved) {
    Bundle state = (Bundle) saved;
    super.onRestoreInstanceState(state.getParcelable(VIEW));
    strokes.clear();
    ArrayList<Bundle> all = state.getParcelableArrayList(STROKES);
    for (Bundle one : all) {
      List<Float> stroke = new ArrayList<>();
      for (float value : one.getFloatArray(STROKES)) {
        stroke.add(value);
      }
      strokes.add(stroke);
    }
    invalidate();
  }
}

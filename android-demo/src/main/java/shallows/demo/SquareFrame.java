package shallows.demo;

import android.content.Context;
import android.util.AttributeSet;
import android.widget.FrameLayout;

/** As high as it is wide, but never higher than three fifths of the screen. */
public final class SquareFrame extends FrameLayout {
  private static final float MOST = 0.6f;

  public SquareFrame(Context context, AttributeSet attributes) {
    super(context, attributes);
  }

  @Override
  protected void onMeasure(int width, int height) {
    int most = Math.round(MOST * getResources().getDisplayMetrics().heightPixels);
    int side = Math.min(MeasureSpec.getSize(width), most);
    int exactly = MeasureSpec.makeMeasureSpec(side, MeasureSpec.EXACTLY);
    super.onMeasure(exactly, exactly);
  }
}

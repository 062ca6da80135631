package shallows.demo;

import android.graphics.Rect;
import android.os.Build;
import android.view.DisplayCutout;
import android.view.View;
import android.view.Window;
import android.view.WindowInsets;

/**
 * Draws behind the bars of the system, as newer Androids demand, and keeps what is read and touched
 * clear of them: the toolbar below the status bar, the content above the navigation bar, both
 * beside a cutout.
 */
final class EdgeToEdge {
  private EdgeToEdge() {}

  static void apply(Window window, View toolbar, View content) {
    behindTheBars(window);
    Rect ofToolbar = padding(toolbar);
    Rect ofContent = padding(content);
    window
        .getDecorView()
        .setOnApplyWindowInsetsListener(
            (view, insets) -> {
              Rect bars = bars(insets);
              pad(toolbar, ofToolbar, new Rect(bars.left, bars.top, bars.right, 0));
              pad(content, ofContent, new Rect(bars.left, 0, bars.right, bars.bottom));
              return view.onApplyWindowInsets(insets);
            });
  }

  @SuppressWarnings("deprecation") // What replaces the flags came with API 30.
  private static void behindTheBars(Window window) {
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
      window.setDecorFitsSystemWindows(false);
    } else {
      View decor = window.getDecorView();
      decor.setSystemUiVisibility(
          decor.getSystemUiVisibility()
              | View.SYSTEM_UI_FLAG_LAYOUT_STABLE
              | View.SYSTEM_UI_FLAG_LAYOUT_FULLSCREEN
              | View.SYSTEM_UI_FLAG_LAYOUT_HIDE_NAVIGATION);
    }
  }

  @SuppressWarnings("deprecation") // What replaces the getters came with API 30.
  static Rect bars(WindowInsets insets) {
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
      android.graphics.Insets bars =
          insets.getInsets(WindowInsets.Type.systemBars() | WindowInsets.Type.displayCutout());
      return new Rect(bars.left, bars.top, bars.right, bars.bottom);
    }
    Rect bars =
        new Rect(
            insets.getSystemWindowInsetLeft(),
            insets.getSystemWindowInsetTop(),
            insets.getSystemWindowInsetRight(),
            insets.getSystemWindowInsetBottom());
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P && insets.getDisplayCutout() != null) {
      DisplayCutout cutout = insets.getDisplayCutout();
      bars.left = Math.max(bars.left, cutout.getSafeInsetLeft());
      bars.top = Math.max(bars.top, cutout.getSafeInsetTop());
      bars.right = Math.max(bars.right, cutout.getSafeInsetRight());
      bars.bottom = Math.max(bars.bottom, cutout.getSafeInsetBottom());
    }
    return bars;
  }

  private static Rect padding(View view) {
    return new Rect(
        view.getPaddingLeft(),
        view.getPaddingTop(),
        view.getPaddingRight(),
        view.getPaddingBottom());
  }

  private static void pad(View view, Rect own, Rect more) {
    view.setPadding(
        own.left + more.left, own.top + more.top, own.right + more.right, own.bottom + more.bottom);
  }
}

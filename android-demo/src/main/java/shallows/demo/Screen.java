package shallows.demo;

import android.app.Activity;
import android.os.Bundle;
import android.view.MenuItem;
import android.view.View;
import android.widget.Toolbar;
import java.util.function.Consumer;

/** What every screen has: a toolbar, the whole window, and work off the main thread. */
abstract class Screen extends Activity {
  private final int layout;

  /** From a child of the main screen the arrow leads back. */
  private final boolean child;

  Screen(int layout, boolean child) {
    this.layout = layout;
    this.child = child;
  }

  @Override
  protected void onCreate(Bundle saved) {
    super.onCreate(saved);
    setContentView(layout);
    Toolbar toolbar = findViewById(R.id.toolbar);
    setActionBar(toolbar);
    getActionBar().setDisplayHomeAsUpEnabled(child);
    EdgeToEdge.apply(getWindow(), toolbar, findViewById(R.id.content));
  }

  @Override
  public boolean onOptionsItemSelected(MenuItem item) {
    if (item.getItemId() == android.R.id.home) {
      // What the gesture does too; the screen below is always the main one.
      finish();
      return true;
    }
    return super.onOptionsItemSelected(item);
  }

  final DemoApplication app() {
    return (DemoApplication) getApplication();
  }

  /** As {@link DemoApplication#work}; a screen that is gone hears nothing. */
  final <T> void work(DemoApplication.Work<T> work, Consumer<T> done, Consumer<String> failed) {
    app().work(work, unlessGone(done), unlessGone(failed));
  }

  private <T> Consumer<T> unlessGone(Consumer<T> told) {
    return value -> {
      if (!isDestroyed()) {
        told.accept(value);
      }
    };
  }

  final void onClick(int id, Runnable action) {
    findViewById(id).setOnClickListener(view -> action.run());
  }

  final void setVisible(int id, boolean visible) {
    findViewById(id).setVisibility(visible ? View.VISIBLE : View.GONE);
  }
}

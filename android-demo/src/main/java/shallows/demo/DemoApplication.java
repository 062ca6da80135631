package shallows.demo;

import android.app.Application;
import android.os.Handler;
import android.os.Looper;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Keeps the models open for all screens, and the one thread that works with them. */
public final class DemoApplication extends Application {
  private final ExecutorService worker = Executors.newSingleThreadExecutor();
  private final Handler screen = new Handler(Looper.getMainLooper());
  private BundleStore store;

  /** Belongs to the worker. */
  private OpenBundle open;

  /** Work with the models. */
  @FunctionalInterface
  interface Work<T> {
    T with(OpenBundle bundle) throws DamagedBundle;
  }

  @Override
  public void onCreate() {
    super.onCreate();
    store = new BundleStore(this);
  }

  BundleStore store() {
    return store;
  }

  /**
   * Does the work off the main thread and tells the outcome on it.
   *
   * @param failed gets the message of a damaged bundle
   */
  <T> void work(Work<T> work, Consumer<T> done, Consumer<String> failed) {
    worker.execute(
        () -> {
          try {
            if (open == null) {
              open = store.open();
            }
            T result = work.with(open);
            screen.post(() -> done.accept(result));
          } catch (DamagedBundle | IllegalStateException e) {
            screen.post(() -> failed.accept(e.getMessage()));
          }
        });
  }

  /** Closes the models; the next work opens those of the store. Only for work of the worker. */
  void reopen() {
    if (open != null) {
      open.close();
      open = null;
    }
  }

  ExecutorService worker() {
    return worker;
  }
}

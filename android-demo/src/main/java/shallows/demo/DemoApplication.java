package shallows.demo;

import android.app.Application;
import android.os.Handler;
import android.os.Looper;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What outlives a screen: the open models, the one thread that works with them, a running
 * benchmark, and the outcome of a change of bundle that no screen has heard of yet.
 */
public final class DemoApplication extends Application {
  private final ExecutorService worker = Executors.newSingleThreadExecutor();
  private final Handler main = new Handler(Looper.getMainLooper());
  private final BenchmarkRun benchmark = new BenchmarkRun(main);
  private BundleStore store;

  /** Belongs to the worker. */
  private OpenBundle open;

  /** Told of a change of bundle; null while no screen wants to know. */
  private Consumer<BundleChange> listener;

  /** Not told yet, or null. */
  private BundleChange untold;

  /** Work with the models. */
  @FunctionalInterface
  interface Work<T> {
    T with(OpenBundle bundle) throws DamagedBundle;
  }

  /** Work on the files of the bundle. */
  @FunctionalInterface
  interface Change {
    void make(BundleStore store) throws DamagedBundle;
  }

  /**
   * The outcome of a change.
   *
   * @param problem null when another bundle is in use now
   */
  record BundleChange(String problem) {}

  @Override
  public void onCreate() {
    super.onCreate();
    store = new BundleStore(this);
  }

  BundleStore store() {
    return store;
  }

  BenchmarkRun benchmark() {
    return benchmark;
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
            if (open != null && !open.isAs(Choice.THREADS.of(this), Nnapi.isWanted(this))) {
              close();
            }
            if (open == null) {
              open = store.open();
            }
            T result = work.with(open);
            main.post(() -> done.accept(result));
          } catch (DamagedBundle | IllegalStateException e) {
            main.post(() -> failed.accept(e.getMessage()));
          }
        });
  }

  /** Work that needs no models, off the main thread; its outcome is told on it. */
  <T> void run(Supplier<T> work, Consumer<T> done) {
    worker.execute(
        () -> {
          T result = work.get();
          main.post(() -> done.accept(result));
        });
  }

  /** Makes the change; the outcome reaches the screen that listens then, or the next one. */
  void change(Change change) {
    worker.execute(
        () -> {
          String problem = null;
          try {
            change.make(store);
            close();
          } catch (DamagedBundle | IllegalStateException e) {
            // A model that TFLite opens and does not run is none of a bundle either.
            problem = e.getMessage();
          }
          BundleChange outcome = new BundleChange(problem);
          main.post(
              () -> {
                untold = outcome;
                tell();
              });
        });
  }

  /**
   * @param told null to hear no more
   */
  void listen(Consumer<BundleChange> told) {
    listener = told;
    tell();
  }

  private void tell() {
    if (listener != null && untold != null) {
      BundleChange outcome = untold;
      untold = null;
      listener.accept(outcome);
    }
  }

  /** The next work opens what the store has then. */
  private void close() {
    if (open != null) {
      open.close();
      open = null;
    }
  }

  ExecutorService worker() {
    return worker;
  }
}

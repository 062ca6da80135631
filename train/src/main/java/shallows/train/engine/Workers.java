package shallows.train.engine;

import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads that run torch side by side, mostly each on one processor. Torch can also share every
 * single operation among threads, but those of small images take a tenth of a millisecond, and
 * waking a second thread for each costs much of what it brings. Whole parts of a batch are worth a
 * thread, and as no operation is shared then, results do not depend on how many threads there are.
 * Only a batch that has no parts is left to torch to share.
 */
final class Workers implements AutoCloseable {
  private final ExecutorService threads;
  private final int count;

  /** The kinds of task that were done before. */
  private final Set<Object> met = new HashSet<>();

  /**
   * @param count how many threads, at least 1
   * @param each among how many threads torch shares an operation of each of them, at least 1
   * @param gradients whether operations on them are recorded for a backward pass
   */
  Workers(int count, int each, boolean gradients) {
    this.count = count;
    threads =
        Executors.newFixedThreadPool(
            count,
            work -> {
              Thread thread = new Thread(() -> run(work, each, gradients), "torch");
              thread.setDaemon(true);
              return thread;
            });
  }

  private static void run(Runnable work, int each, boolean gradients) {
    // Both settings are the thread's own.
    JniUtils.setNumThreads(each);
    JniUtils.setGradMode(gradients);
    work.run();
  }

  /** How many threads there are. */
  int count() {
    return count;
  }

  /**
   * Does all tasks, even when interrupted meanwhile.
   *
   * @return their results in the tasks' order
   */
  <T> List<T> all(List<Callable<T>> tasks) {
    Deque<Future<T>> open = new ArrayDeque<>(tasks.stream().map(threads::submit).toList());
    List<T> results = new ArrayList<>();
    Throwable failure = null;
    boolean interrupted = false;
    // Each is waited for whatever happens, so none still uses what its caller will close.
    while (!open.isEmpty()) {
      try {
        results.add(open.element().get());
        open.remove();
      } catch (ExecutionException e) {
        failure = failure == null ? e.getCause() : failure;
        open.remove();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while torch was at work");
    }
    if (failure instanceof RuntimeException cause) {
      throw cause;
    }
    if (failure != null) {
      throw new IllegalStateException("a torch thread failed", failure);
    }
    return results;
  }

  /**
   * The same, but the first task of each kind is done alone. LibTorch 2.7.1 (oneDNN) generates code
   * for a convolution when it first meets its shape, and on processors with AVX-512 the process
   * sometimes crashed when another thread was at work meanwhile.
   *
   * @param kinds one a task; equal where the tasks compute the same shapes
   */
  <T> List<T> all(List<Callable<T>> tasks, List<?> kinds) {
    List<T> results = new ArrayList<>(Collections.nCopies(tasks.size(), null));
    List<Integer> others = new ArrayList<>();
    for (int i = 0; i < tasks.size(); i++) {
      if (met.add(kinds.get(i))) {
        results.set(i, one(tasks.get(i)));
      } else {
        others.add(i);
      }
    }
    List<T> together = all(others.stream().map(tasks::get).toList());
    for (int i = 0; i < together.size(); i++) {
      results.set(others.get(i), together.get(i));
    }
    return results;
  }

  /** Does one task. */
  <T> T one(Callable<T> task) {
    return all(List.of(task)).get(0);
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}

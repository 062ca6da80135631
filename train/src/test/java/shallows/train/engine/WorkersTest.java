package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import shallows.train.options.Compute;

class WorkersTest {
  private final AtomicInteger ended = new AtomicInteger();

  /** Torch is loaded with the first manager. */
  @BeforeAll
  static void start() {
    Torch.manager(Compute.cpu(1)).close();
  }

  @Test
  void theFirstFailureIsThrownWhenAllHaveEnded() {
    Callable<Integer> fails =
        () -> {
          throw new IllegalArgumentException("first");
        };
    try (Workers workers = new Workers(2, 1, false)) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> workers.all(List.of(fails, ended::incrementAndGet, ended::incrementAndGet)))
              .getMessage();
      assertEquals("first", message);
      assertEquals(2, ended.get());
    }
  }

  @Test
  void whoIsInterruptedWaitsForWhatIsAtWork() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger endedBefore = new AtomicInteger(-1);
    try (Workers workers = new Workers(1, 1, false)) {
      Callable<Integer> work =
          () -> {
            begun.countDown();
            goOn.await();
            return ended.incrementAndGet();
          };
      Thread caller =
          new Thread(
              () -> {
                assertThrows(IllegalStateException.class, () -> workers.one(work));
                endedBefore.set(ended.get());
              });
      caller.start();
      begun.await();
      caller.interrupt();
      // Until it has heard of it, and waits again or has gone.
      while (caller.isInterrupted() || caller.getState() == Thread.State.RUNNABLE) {
        Thread.onSpinWait();
      }
      goOn.countDown();
      caller.join();
    }
    assertTrue(endedBefore.get() > 0, "its tensors would be closed while torch reads them");
  }
}

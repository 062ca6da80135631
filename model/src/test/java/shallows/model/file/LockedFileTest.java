package shallows.model.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockedFileTest {
  @TempDir private Path temporary;
  private Path path;

  @BeforeEach
  void names() {
    path = temporary.resolve("lock");
  }

  /** Another process: main FILE. */
  public static void main(String[] arguments) throws IOException {
    System.exit(LockedFile.isLocked(Path.of(arguments[0])) ? 3 : 4);
  }

  private void assertOthersSeeIt(boolean locked) throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LockedFileTest.class.getName(),
                path.toString())
            .inheritIO()
            .start();
    assertEquals(locked ? 3 : 4, other.waitFor());
  }

  @Test
  void whoIsRefusedInTheSameProcessDoesNotLetItGo() throws Exception {
    Path link = Files.createSymbolicLink(temporary.resolve("link"), temporary);
    try (LockedFile held = LockedFile.tryLock(path).orElseThrow()) {
      assertEquals(Optional.empty(), LockedFile.tryLock(path));
      assertEquals(Optional.empty(), LockedFile.tryLock(link.resolve("lock")));
      assertTrue(LockedFile.isLocked(path));
      assertTrue(held.isInPlace());
      assertOthersSeeIt(true);
    }
    assertOthersSeeIt(false);
    LockedFile.tryLock(path).orElseThrow().close();
  }

  @Test
  void whoSharesItHoldsItUntilTheLastHasLetItGo() throws Exception {
    LockedFile first = LockedFile.share(path);
    LockedFile second = LockedFile.share(path);
    assertSame(first, second);
    first.close();
    assertOthersSeeIt(true);
    assertEquals(Optional.empty(), LockedFile.tryLock(path));
    second.close();
    assertFalse(LockedFile.isLocked(path));
  }

  @Test
  void whoClosesItTwiceTakesItFromNobody() throws Exception {
    LockedFile first = LockedFile.tryLock(path).orElseThrow();
    first.close();
    try (LockedFile next = LockedFile.tryLock(path).orElseThrow()) {
      first.close();
      assertEquals(Optional.empty(), LockedFile.tryLock(path));
      assertTrue(next.isInPlace());
      assertOthersSeeIt(true);
    }
  }

  @Test
  void whoeverWaitsHasItOnceItIsLetGo() throws Exception {
    LockedFile first = LockedFile.tryLock(path).orElseThrow();
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<Void> second =
        CompletableFuture.runAsync(
            () -> {
              try (LockedFile mine = LockedFile.lock(path, () -> order.add("another process"))) {
                order.add(mine.isInPlace() ? "second" : "lost");
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    order.add("first");
    first.close();
    second.get();
    assertEquals(List.of("first", "second"), order);
  }

  /** As the classes of another loader have, whose table is another. */
  @Test
  void aLockThatTheTableDoesNotKnowIsOneToo() throws Exception {
    Files.createFile(path);
    try (FileChannel elsewhere = FileChannel.open(path, StandardOpenOption.WRITE);
        FileLock lock = elsewhere.lock()) {
      assertTrue(lock.isValid());
      assertTrue(LockedFile.isLocked(path));
      assertEquals(Optional.empty(), LockedFile.tryLock(path));
      assertThrows(IOException.class, () -> LockedFile.lock(path, () -> {}));
      assertThrows(IOException.class, () -> LockedFile.share(path));
    }
    LockedFile.share(path).close();
  }

  @Test
  void aFileThatWasPutInItsPlaceIsAnother() throws Exception {
    try (LockedFile held = LockedFile.tryLock(path).orElseThrow()) {
      Files.delete(path);
      assertFalse(held.isInPlace());
      Files.createFile(path);
      assertFalse(held.isInPlace());
      LockedFile.tryLock(path).orElseThrow().close();
    }
  }
}

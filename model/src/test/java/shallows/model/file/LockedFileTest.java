package shallows.model.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
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

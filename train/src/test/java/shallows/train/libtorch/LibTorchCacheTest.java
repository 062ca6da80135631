package shallows.train.libtorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;

/** Nobody else may have put there what is loaded. */
class LibTorchCacheTest {
  @TempDir private Path temporary;

  @BeforeEach
  void assumePermissions() throws IOException {
    assumeTrue(Files.getFileStore(temporary).supportsFileAttributeView("posix"), "no permissions");
  }

  @Test
  void isMadeForItsUserAloneAndTakenAgain() throws IOException {
    Path made = LibTorchCache.ofUserAlone(temporary, "eve/../x");

    assertEquals(temporary.resolve("shallows-eve_.._x"), made);
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
    assertEquals(made, LibTorchCache.ofUserAlone(temporary, "eve/../x"));
    assertEquals(1, temporary.toFile().list().length);
  }

  @Test
  void aFolderThatOthersCanWriteIsRefused() throws IOException {
    Path open = Files.createDirectory(temporary.resolve("shallows-eve"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertRefused("eve");
  }

  @Test
  void aLinkToAFolderIsRefused() throws IOException {
    Path elsewhere = LibTorchCache.ofUserAlone(temporary, "elsewhere");
    Files.createSymbolicLink(temporary.resolve("shallows-eve"), elsewhere);

    assertRefused("eve");
  }

  @Test
  void aNamedFolderIsLeftToDjl() {
    assertEquals(Optional.empty(), LibTorchCache.instead(Map.of(Variables.CACHE, "/somewhere")));
  }

  private void assertRefused(String user) {
    String said =
        assertThrows(BadInputException.class, () -> LibTorchCache.ofUserAlone(temporary, user))
            .getMessage();
    assertTrue(said.contains("others can write"), said);
    assertTrue(said.contains(Variables.CACHE), said);
  }
}

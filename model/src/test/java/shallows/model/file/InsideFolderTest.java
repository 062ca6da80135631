package shallows.model.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;

class InsideFolderTest {
  @TempDir private Path temporary;
  private Path folder;
  private Path outside;

  @BeforeEach
  void folders() throws IOException {
    folder = Files.createDirectories(temporary.resolve("folder"));
    outside = Files.createDirectories(temporary.resolve("outside/deep"));
  }

  @Test
  void whatIsInsideMayBeMissing() throws IOException {
    Files.createDirectories(folder.resolve("a"));
    for (String name : new String[] {"file", "a/file", "b/c/file"}) {
      assertEquals(folder.resolve(name), InsideFolder.file(folder, name));
    }
    assertEquals(
        temporary.resolve("none/file"), InsideFolder.file(temporary.resolve("none"), "file"));
  }

  @Test
  void theFolderMayBeReachedByALink() throws IOException {
    Path link = Files.createSymbolicLink(temporary.resolve("link"), folder);
    assertEquals(link.resolve("a/file"), InsideFolder.file(link, "a/file"));
  }

  @Test
  void aLinkInsideMayLeadInside() throws IOException {
    Files.createDirectories(folder.resolve("a"));
    Files.createSymbolicLink(folder.resolve("b"), folder.resolve("a"));
    assertEquals(folder.resolve("b/file"), InsideFolder.file(folder, "b/file"));
  }

  @Test
  void whatIsElsewhereIsRefused() throws IOException {
    Files.createSymbolicLink(folder.resolve("lnk"), outside.getParent());
    for (String name : new String[] {"lnk/file", "lnk/deep/file", "../outside/file", "/etc/x"}) {
      BadInputException refused =
          assertThrows(BadInputException.class, () -> InsideFolder.file(folder, name), name);
      assertTrue(refused.getMessage().contains("elsewhere"), refused.getMessage());
    }
  }

  /** Who takes a link away takes nothing else. */
  @Test
  void theFileItselfMayBeALink() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("file"), outside.resolve("secret"));
    assertEquals(link, InsideFolder.file(folder, "file"));
  }
}

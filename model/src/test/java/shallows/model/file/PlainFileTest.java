package shallows.model.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainFileTest {
  @TempDir Path folder;

  @Test
  void readsAPlainFileAlsoThroughALinkedFolder() throws IOException {
    Path file = Files.write(folder.resolve("a.bin"), new byte[] {1, 2, 3});
    assertArrayEquals(new byte[] {1, 2, 3}, PlainFile.bytes(file));
    Path linked = Files.createSymbolicLink(folder.resolve("linked"), folder);
    assertArrayEquals(new byte[] {1, 2, 3}, PlainFile.bytes(linked.resolve("a.bin")));
  }

  @Test
  void refusesALink() throws IOException {
    Path file = Files.write(folder.resolve("a.bin"), new byte[] {1, 2, 3});
    Path link = Files.createSymbolicLink(folder.resolve("link.bin"), file);
    assertEquals(
        "a link, where a plain file is needed",
        assertThrows(IOException.class, () -> PlainFile.bytes(link)).getMessage());
  }

  @Test
  void refusesWhatHasNoEnd() {
    assertEquals(
        "no plain file, where a plain file is needed",
        assertThrows(IOException.class, () -> PlainFile.bytes(folder)).getMessage());
    assertThrows(NoSuchFileException.class, () -> PlainFile.bytes(folder.resolve("missing.bin")));
  }
}

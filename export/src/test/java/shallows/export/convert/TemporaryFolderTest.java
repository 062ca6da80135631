package shallows.export.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import shallows.model.BadInputException;
import shallows.model.file.AtomicFile;

class TemporaryFolderTest {
  @Test
  void nobodyElseLooksIntoItAndItIsGoneWithItsFiles() throws IOException {
    Path path;
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      path = folder.path();
      folder.file("a", file -> AtomicFile.writeText(file, "a"));
      if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        assertEquals(
            "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
      }
      assertTrue(Files.exists(path.resolve("a")));
    }
    assertFalse(Files.exists(path));
  }

  @Test
  void whereThereIsNoRoomTheSystemsFolderIsNamed() {
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      for (boolean inside : new boolean[] {true, false}) {
        String message =
            assertThrows(
                    BadInputException.class,
                    () ->
                        folder.file(
                            "a",
                            file -> {
                              if (inside) {
                                AtomicFile.write(file, out -> fail());
                              } else {
                                fail();
                              }
                            }))
                .getMessage();
        assertEquals(
            Path.of(System.getProperty("java.io.tmpdir"))
                + ": cannot be written (No space left on device); make it writable, or free space",
            message);
      }
    }
  }

  private static void fail() throws IOException {
    throw new IOException("No space left on device");
  }
}

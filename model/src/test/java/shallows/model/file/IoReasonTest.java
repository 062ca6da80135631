package shallows.model.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class IoReasonTest {
  @TempDir private Path folder;

  @Test
  void saysInWordsWhatJavaSaysByTheNameOfAnException() throws IOException {
    Path none = folder.resolve("none");
    Path text = Files.write(folder.resolve("text"), new byte[] {(byte) 0xc3, 0x28});

    assertEquals("no such file or folder: " + none, reason(() -> Files.readString(none)));
    assertEquals(
        "a file stands where a folder is needed: " + text,
        reason(() -> Files.createDirectory(text)));
    assertEquals("no folder: " + text, reason(() -> Files.list(text).close()));
    assertEquals("bytes that are no text in UTF-8", reason(() -> Files.readString(text)));
  }

  @Test
  void leavesOutThePathThatTheMessageHasAlready() {
    assertEquals(
        "Read-only file system",
        IoReason.of(new FileSystemException("run/.lock", null, "Read-only file system")));
  }

  @Test
  void aMessageIsTakenAsItIs() {
    assertEquals(
        "No space left on device", IoReason.of(new IOException("No space left on device")));
    assertEquals("IOException", IoReason.of(new IOException()));
  }

  private static String reason(Executable work) {
    return IoReason.of(assertThrows(IOException.class, work));
  }
}

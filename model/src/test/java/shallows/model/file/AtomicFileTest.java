package shallows.model.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void makesTheFolderAndLeavesNothingBeside() throws IOException {
    Path file = folder.resolve("a/b/c.txt");
    AtomicFile.writeText(file, "whole");
    assertEquals("whole", Files.readString(file));
    assertEquals(List.of(file), files(file.getParent()));
  }

  @Test
  void keepsTheOldFileWhenTheNewOneFails() throws IOException {
    Path file = folder.resolve("model.onnx");
    AtomicFile.writeText(file, "old");
    String message =
        assertThrows(
                BadInputException.class,
                () ->
                    AtomicFile.write(
                        file,
                        out -> {
                          out.write(new byte[1 << 20]);
                          throw new IOException("No space left on device");
                        }))
            .getMessage();
    assertEquals("old", Files.readString(file));
    assertEquals(List.of(file), files(folder));
    assertEquals(
        file + ": cannot be written (No space left on device); free space or choose another out",
        message);
  }

  @Test
  void aNameMayBeAsLongAsTheSystemAllows() throws IOException {
    Path file = folder.resolve("n".repeat(250) + ".onnx");
    AtomicFile.writeText(file, "whole");
    assertEquals(List.of(file), files(folder));
  }

  @Test
  void leavesNothingBesideWhateverIsThrown() throws IOException {
    Path file = folder.resolve("model.onnx");
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicFile.write(
                file,
                out -> {
                  throw new IllegalStateException();
                }));
    assertEquals(List.of(), files(folder));
  }

  @Test
  void saysThatAFileStandsInTheWay() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    String message =
        assertThrows(
                BadInputException.class, () -> AtomicFile.writeText(file.resolve("inside"), "x"))
            .getMessage();
    assertTrue(message.contains("a file stands where a folder is needed"), message);
  }

  @Test
  void saysThatAFolderStandsInTheWay() throws IOException {
    Path file = Files.createDirectories(folder.resolve("report.html/inside")).getParent();
    String message =
        assertThrows(BadInputException.class, () -> AtomicFile.writeText(file, "x")).getMessage();
    assertTrue(message.endsWith("a folder stands where the file belongs, move it away"), message);
    assertEquals(List.of(file), files(folder));
  }

  @Test
  void makingFollowsNoLinkThatWasPutInItsPlace() throws IOException {
    Path victim = Files.writeString(folder.resolve("victim"), "kept");
    Path file = folder.resolve("model.onnx");
    Path link = folder.resolve(".model.onnx." + ProcessHandle.current().pid() + ".part");
    Files.createSymbolicLink(link, victim);
    BadInputException e =
        assertThrows(
            BadInputException.class, () -> AtomicFile.make(file, unfinished -> "", made -> true));
    assertTrue(e.getMessage().startsWith(file + ": cannot be written"), e.getMessage());
    assertEquals("kept", Files.readString(victim));
    assertEquals(List.of(victim), files(folder));
  }

  @Test
  void whatIsMadeIsNamedByTheFileThatWasAskedFor() throws IOException {
    Path file = folder.resolve("model.onnx");
    String message =
        assertThrows(
                BadInputException.class,
                () ->
                    AtomicFile.make(
                        file,
                        unfinished -> {
                          AtomicFile.write(
                              unfinished,
                              out -> {
                                throw new IOException("No space left on device");
                              });
                          return "";
                        },
                        made -> true))
            .getMessage();
    assertTrue(message.startsWith(file + ": cannot be written (No space left"), message);
    assertEquals(List.of(), files(folder));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}

package shallows.pipeline.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a run folder is, and what its files are called after it. */
class RunFolderNameTest {
  @TempDir private Path temporary;

  @ParameterizedTest
  @CsvSource({
    "photos, photos",
    "my photos, my photos",
    ".trial, trial",
    "..., run",
    "'a\\b', a-b",
    "'a\nb', a-b",
  })
  void filesAreCalledAsABundleMayHaveThem(String folder, String name) {
    RunFolder run = new RunFolder(temporary.resolve(folder));
    assertEquals(name, run.name());
    assertEquals(temporary.resolve(folder + "-2"), run.another());
  }

  @Test
  void longNamesLeaveRoomForWhatFollows() {
    assertEquals("x".repeat(120), new RunFolder(temporary.resolve("x".repeat(250))).name());
    assertEquals(
        "\ud83d\udc08".repeat(30),
        new RunFolder(temporary.resolve("\ud83d\udc08".repeat(60))).name());
  }

  @Test
  void twoDotsBehindALinkAreWhereTheSystemHasThem() throws IOException {
    Path there = Files.createDirectories(temporary.resolve("there/below"));
    Path link = Files.createSymbolicLink(temporary.resolve("link"), there);

    assertEquals(
        temporary.toRealPath().resolve("there/run"), new RunFolder(link.resolve("../run")).root());
    assertEquals(link.resolve("run"), new RunFolder(link.resolve("./run")).root());
    assertEquals(temporary.resolve("run"), new RunFolder(temporary.resolve("none/../run")).root());
  }
}

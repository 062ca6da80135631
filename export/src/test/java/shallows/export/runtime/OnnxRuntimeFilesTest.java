package shallows.export.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxRuntimeFilesTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(0);

  @TempDir Path cache;

  @Test
  void unpacksOnceAndAgainWhatIsNotWhole() throws Exception {
    Path folder = OnnxRuntimeFiles.in(cache).orElseThrow();
    Path core = folder.resolve(System.mapLibraryName("onnxruntime"));
    Path forJava = folder.resolve(System.mapLibraryName("onnxruntime4j_jni"));
    long bytes = Files.size(forJava);
    Files.setLastModifiedTime(core, LONG_AGO);
    Files.write(forJava, new byte[10]);

    assertEquals(Optional.of(folder), OnnxRuntimeFiles.in(cache));
    assertEquals(LONG_AGO, Files.getLastModifiedTime(core));
    assertEquals(bytes, Files.size(forJava));
  }

  @Test
  void takesAwayWhatAKilledProcessLeftAndNothingOfALivingOne() throws Exception {
    Path folder = OnnxRuntimeFiles.in(cache).orElseThrow();
    Process ended =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    ended.waitFor();
    Path left = Files.createFile(folder.resolve(".a.so." + ended.pid() + ".part"));
    Path ours =
        Files.createFile(folder.resolve(".a.so." + ProcessHandle.current().pid() + ".part"));
    Files.delete(folder.resolve(System.mapLibraryName("onnxruntime4j_jni")));

    OnnxRuntimeFiles.in(cache).orElseThrow();
    assertFalse(Files.exists(left));
    assertTrue(Files.exists(ours));
  }

  @Test
  void doesWithoutWhereTheCacheCannotBeWritten() throws Exception {
    Path file = Files.createFile(cache.resolve("file"));

    assertEquals(Optional.empty(), OnnxRuntimeFiles.in(file));
  }
}

package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.onnx.write.OnnxWriter;

/** Where a command writes that is not told where. */
class StandardFoldersTest {
  @TempDir private Path folder;

  /** Something else lies in the folder that is meant, so it is named, and nothing is computed. */
  @ParameterizedTest
  @CsvSource({
    "run, first",
    "run --data fashion-mnist-mini, first",
    "run --data my-photos, my-photos",
    "run --data sub/my-photos/, my-photos",
    "run --data mnist, mnist",
    "train, resnet-32-s2-fashion-mnist-mini",
    "train --data my-photos --network resnet-8-s2, resnet-8-s2-my-photos",
    "shrink their.onnx --data my-photos, their"
  })
  void isNamedAfterWhatGoesIn(String line, String name) throws Exception {
    TestPictures.writeFolder(folder.resolve("my-photos"), 20, "cat", "dog");
    OnnxWriter.write(
        Networks.create("resnet-8-s2", Shape.of(1, 8, 8), Task.unnamed(2, 1), 1),
        folder.resolve("their.onnx"));
    Path meant = folder.toRealPath().resolve("runs").resolve(name);
    Files.writeString(Files.createDirectories(meant).resolve("letter.txt"), "dear");

    try (ChildProcess child =
        ChildProcess.start(
            folder.resolve("said.txt"),
            folder.toRealPath(),
            Map.of(),
            ChildProcess.java((Object[]) line.split(" ")))) {
      assertEquals(2, child.status(), child.said());
      assertTrue(
          child.said().contains(meant + ": expected an empty folder or a run, found"),
          child.said());
      assertTrue(child.said().endsWith("for example --out runs/" + name + "-2\n"), child.said());
    }
  }
}

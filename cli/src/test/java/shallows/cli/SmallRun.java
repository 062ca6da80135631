package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of all stages, of a small network on small pictures, for tests of what becomes of one.
 *
 * @param pictures forty of a cat and forty of a dog
 */
record SmallRun(Path pictures, Path folder) {

  /**
   * Runs it. Whatever is left of the network passes.
   *
   * @param parent of both folders
   * @param name of the run
   * @param more options of {@code run}
   */
  static SmallRun in(Path parent, String name, int epochs, Object... more) throws IOException {
    Path pictures = TestPictures.writeFolder(parent.resolve("pictures"), 40, "cat", "dog");
    Path folder = parent.resolve(name);
    List<Object> words =
        new ArrayList<>(
            List.of(
                "run",
                "--data",
                pictures,
                "--network",
                "resnet-8-s2",
                "--epochs",
                epochs,
                "--fine-tune-epochs",
                0,
                "--max-drop",
                100,
                "--precision",
                "fp32",
                "--out",
                folder,
                "--quiet"));
    words.addAll(List.of(more));
    CommandLineSession session = CommandLineSession.of(words.toArray());
    assertEquals(0, session.status(), session.toString());
    return new SmallRun(pictures, folder);
  }
}

package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("trains")
class KilledTrainingTest {
  private static final int KILLS = 20;

  /**
   * Of 3 steps or 4: 58 of the 80 pictures are trained on. So 20 times up to 8 steps, and those
   * until the kill, end inside.
   */
  private static final int EPOCHS = 60;

  private static final int STEPS_BETWEEN = 8;

  /** About as long as a step with its checkpoint takes: the kill may meet any moment of it. */
  private static final int LATER_MS = 10;

  @TempDir private Path temporary;

  /** Small, as each of the processes reads them. */
  private Path pictures;

  @Test
  void aTrainingKilledTwentyTimesEndsWithTheBytesOfOneThatIsNot() throws Exception {
    pictures = TestPictures.writeFolder(temporary.resolve("pictures"), 40, "cat", "dog");
    Random random = new Random(1);
    Path killed = temporary.resolve("killed");
    long step = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      long goal = step + random.nextInt(STEPS_BETWEEN + 1);
      try (ChildProcess child =
          ChildProcess.start(temporary.resolve("said.txt"), words(killed, kill > 0))) {
        child.killWhen(() -> lastStep(killed) >= goal, random.nextInt(LATER_MS));
      }
      step = lastStep(killed);
    }
    assertTrue(step > KILLS && step < 4 * EPOCHS, "killed at step " + step);
    CommandLineSession rest = CommandLineSession.of(words(killed, true));
    assertEquals(0, rest.status(), rest.toString());

    Path whole = temporary.resolve("whole");
    assertEquals(0, CommandLineSession.of(words(whole, false)).status());
    for (String file : List.of("train/model.onnx", "train/survival.json")) {
      assertArrayEquals(
          Files.readAllBytes(whole.resolve(file)), Files.readAllBytes(killed.resolve(file)), file);
    }
  }

  /** Of the newest checkpoint; -1 where there is none. */
  private static long lastStep(Path run) {
    Path folder = run.resolve("train/checkpoint");
    if (!Files.isDirectory(folder)) {
      return -1;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("step-"))
          .mapToLong(name -> Long.parseLong(name.replaceAll("\\D", "")))
          .max()
          .orElse(-1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Object[] words(Path out, boolean resume) {
    return Stream.concat(
            Stream.of(
                "train",
                "--out",
                out,
                "--network",
                "wrn-10-1-d0.3-s2",
                "--dropout",
                0.5,
                "--data",
                pictures,
                "--batch",
                16,
                "--epochs",
                EPOCHS,
                "--checkpoint-minutes",
                0,
                "--quiet"),
            resume ? Stream.of("--resume") : Stream.of())
        .toArray();
  }
}

package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Ctrl-C or an ordinary kill is answered with. */
class StoppedRunTest {
  /** As the system counts: 128, and the number of the signal. */
  private static final int TERMINATED = 143;

  @TempDir private Path temporary;

  @Test
  void saysThatTheSameCommandGoesOn() throws Exception {
    Path run = temporary.resolve("run");
    String line = "run --network resnet-8-s2 --train-images 400 --epochs 50 --out " + run;

    String said = stopped(line, run.resolve("train/history.csv"));

    assertTrue(
        said.endsWith(
            "shallows: stopped; the same command goes on where it was: ./shallows " + line + "\n"),
        said);
    assertFalse(said.contains("defect"), said);
  }

  @Test
  void saysWhatToAddWhereATrainingDoesNotGoOnByItself() throws Exception {
    Path run = temporary.resolve("run");
    String line = "train --quiet --network resnet-8-s2 --train-images 400 --epochs 50 --out " + run;

    String said = stopped(line, run.resolve("train/history.csv"));

    assertEquals("shallows: stopped; to go on: ./shallows " + line + " --resume\n", said);
  }

  private String stopped(String line, Path file) throws Exception {
    try (ChildProcess child =
        ChildProcess.start(temporary.resolve("said.txt"), (Object[]) line.split(" "))) {
      child.stopWhenThereIs(file);
      assertEquals(TERMINATED, child.status());
      return child.said();
    }
  }
}

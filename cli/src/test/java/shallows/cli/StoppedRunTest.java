package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Ctrl-C or an ordinary kill is answered with. */
class StoppedRunTest {
  /** As the system counts: 128, and the number of the signal. */
  private static final int TERMINATED = 143;

  private static final int INTERRUPTED = 128 + ChildProcess.SIGINT;

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

  @Test
  void ctrlCIsAnsweredLikewise() throws Exception {
    Path sweep = temporary.resolve("sweep");
    Path run = temporary.resolve("run");
    String all = " --train-images 400 --epochs 50 --quiet --out ";
    String training = "run --network resnet-8-s2" + all + run;
    String trainings = "sweep --networks resnet-8-s2 --survivals none" + all + sweep;

    assertEquals(
        "shallows: stopped; the same command goes on where it was: ./shallows " + training + "\n",
        interrupted(training, run.resolve("train/history.csv")));
    String said = interrupted(trainings, sweep);
    assertTrue(
        said.endsWith(
            "shallows: stopped; the same command goes on where it was: ./shallows "
                + trainings
                + "\n"),
        said);
  }

  private String stopped(String line, Path file) throws Exception {
    try (ChildProcess child = started(line)) {
      child.stopWhenThereIs(file);
      assertEquals(TERMINATED, child.status());
      return child.said();
    }
  }

  private String interrupted(String line, Path file) throws Exception {
    try (ChildProcess child = started(line)) {
      child.waitFor(file);
      assumeFalse(child.ignoresCtrlC(), "started in the background, where Ctrl-C is ignored");
      child.interruptWhenThereIs(file);
      assertEquals(INTERRUPTED, child.status());
      return child.said();
    }
  }

  private ChildProcess started(String line) throws IOException {
    return ChildProcess.start(temporary.resolve("said.txt"), (Object[]) line.split(" "));
  }
}

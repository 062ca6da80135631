package shallows.cli.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import shallows.cli.folder.RunFolder;
import shallows.cli.terminal.Console;
import shallows.export.calibrate.Calibrated;
import shallows.export.calibrate.Calibrator;

class Int8AdviceTest {
  private static final RunFolder RUN = new RunFolder(Path.of("runs/trial"));

  @Test
  void moreThanHalfAPointIsSaidInOneLineThatNamesTheOption() {
    String said = advice(0.8);
    assertEquals(1, said.lines().count(), said);
    assertTrue(said.contains("trial: int8 costs 0.8 points on 500 held-out images"), said);
    assertTrue(said.contains("./shallows export " + RUN.root() + " --qat"), said);
  }

  @Test
  void halfAPointOrAGainIsNotWorthAWord() {
    assertEquals("", advice(0.5));
    assertEquals("", advice(-1));
  }

  private static String advice(double pointsLost) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    Calibrated calibrated =
        new Calibrated(
            null,
            Calibrator.MIN_MAX,
            256,
            500,
            Map.of(),
            new Calibrated.BiasesCorrected(0, false, Map.of()),
            pointsLost);
    assertEquals(
        Optional.empty(),
        new Int8Advice(RUN, new Console(stream, stream, false))
            .tune("trial", null, calibrated, RUN.export()));
    return err.toString(StandardCharsets.UTF_8);
  }
}

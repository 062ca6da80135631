package shallows.pipeline.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import shallows.export.calibrate.Calibrated;
import shallows.export.calibrate.Calibrator;
import shallows.pipeline.folder.RunFolder;

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
    List<String> said = new ArrayList<>();
    Listener listener =
        new Listener() {
          @Override
          public void result(String line) {
            throw new AssertionError(line);
          }

          @Override
          public void remark(String line) {
            said.add(line);
          }
        };
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
        new Int8Advice(RUN, listener).tune("trial", null, calibrated, RUN.export()));
    return String.join("\n", said);
  }
}

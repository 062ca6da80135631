package shallows.pipeline.stage;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import shallows.export.Int8Tuning;
import shallows.export.calibrate.Calibrated;
import shallows.model.graph.Graph;
import shallows.pipeline.folder.RunFolder;

/**
 * Leaves networks as they are, and says what would help where 8 bits cost too much.
 *
 * @param folder of the run, for the command to give
 */
record Int8Advice(RunFolder folder, Listener listener) implements Int8Tuning {
  /** Points of accuracy that 8 bits may cost without a word. */
  private static final double MOST_POINTS = 0.5;

  @Override
  public Optional<Graph> tune(String name, Graph floats, Calibrated calibrated, Path kept) {
    if (calibrated.pointsLost() > MOST_POINTS) {
      listener.remark(
          String.format(
              Locale.ROOT,
              "%s: int8 costs %.1f points on %d held-out images; --qat fine-tunes for it:"
                  + " ./shallows export %s --qat",
              name,
              calibrated.pointsLost(),
              calibrated.heldOut(),
              folder.root()));
    }
    return Optional.empty();
  }
}

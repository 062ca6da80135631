package shallows.pipeline.stage;

import java.nio.file.Path;
import java.util.Optional;
import shallows.export.Int8Tuning;
import shallows.export.quantize.calibrate.Calibrated;
import shallows.model.graph.Graph;
import shallows.pipeline.event.Event;

/** Leaves networks as they are, and tells where 8 bits cost so much that tuning would help. */
record Int8Advice(Work work) implements Int8Tuning {
  /** Points of accuracy that 8 bits may cost without a word. */
  private static final double MOST_POINTS = 0.5;

  @Override
  public Optional<Graph> tune(String name, Graph floats, Calibrated calibrated, Path kept) {
    if (calibrated.pointsLost() > MOST_POINTS) {
      work.tell(new Event.Int8Costs(name, calibrated.pointsLost(), calibrated.heldOut()));
    }
    return Optional.empty();
  }
}

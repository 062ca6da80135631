package shallows.pipeline.stage;

import shallows.export.Int8Bound;
import shallows.export.NetworkForm;
import shallows.export.quantize.calibrate.Calibrated;
import shallows.pipeline.event.Event;
import shallows.pipeline.event.Listener;

/**
 * Tells what was done so that 8 bits cost a network no more than they may, and where they cost so
 * much in the end that fine-tuning would help.
 *
 * @param advises whether fine-tuning was not asked for
 */
record Int8Remarks(boolean advises, Listener listener) implements Int8Bound.Listener {
  /** Points of accuracy that 8 bits may cost without a word. */
  private static final double MOST_POINTS = 0.5;

  @Override
  public void hear(String name, NetworkForm form, Calibrated found, boolean tuned) {
    if (found.weights().isUnusual()) {
      listener.hear(new Event.WeightsRounded(name, found.weights(), found.heldOut(), tuned));
    }
    if (!found.layers().isEmpty()) {
      listener.hear(
          new Event.LayersInFloats(name, found.layers(), found.pointsLost(), found.heldOut()));
    }
    // The full network is there for comparison, and is not fine-tuned.
    if (advises && form == NetworkForm.PRUNED && found.pointsLost() > MOST_POINTS) {
      listener.hear(new Event.Int8Costs(name, found.pointsLost(), found.heldOut()));
    }
  }
}

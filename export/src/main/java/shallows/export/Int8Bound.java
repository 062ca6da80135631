package shallows.export;

import shallows.export.quantize.calibrate.Calibrated;
import shallows.export.quantize.calibrate.Calibration;
import shallows.export.quantize.calibrate.FloatLayers;

/**
 * What 8 bits may cost a network. Where held-out images show more, its weights are rounded
 * otherwise, see {@link Calibration#within}; then the layers that cost most compute in floats
 * again, see {@link FloatLayers}.
 *
 * @param maxDrop points of accuracy
 */
public record Int8Bound(double maxDrop, Listener listener) {
  /** Whatever they cost. */
  public static final Int8Bound NONE = new Int8Bound(100, (name, form, found, tuned) -> {});

  /** Hears what 8 bits cost each network in the end. */
  @FunctionalInterface
  public interface Listener {
    /**
     * @param name what the names of its files begin with
     * @param found its scales and weights; where it was fine-tuned for 8 bits, those before that
     * @param tuned whether it was
     */
    void hear(String name, NetworkForm form, Calibrated found, boolean tuned);
  }
}

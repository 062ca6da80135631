package shallows.export;

import java.util.function.BiConsumer;
import shallows.export.quantize.calibrate.Calibrated;
import shallows.export.quantize.calibrate.Calibration;
import shallows.export.quantize.calibrate.FloatLayers;

/**
 * What 8 bits may cost a network. Where held-out images show more, its weights are rounded
 * otherwise, see {@link Calibration#within}; then the layers that cost most compute in floats
 * again, see {@link FloatLayers}.
 *
 * @param maxDrop points of accuracy
 * @param listener hears what came of each network, by the beginning of the names of its files
 */
public record Int8Bound(double maxDrop, BiConsumer<String, Calibrated> listener) {
  /** Whatever they cost. */
  public static final Int8Bound NONE = new Int8Bound(100, (name, calibrated) -> {});
}

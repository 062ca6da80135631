package shallows.export.quantize.calibrate;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shallows.data.evaluation.Predictions;
import shallows.export.quantize.QuantizedGraph;

/**
 * Gives layers back to floats where 8 bits cost more than they may.
 *
 * <ol>
 *   <li>Nothing is done where held-out images do not show that 8 bits cost anything, chance
 *       considered, or where it is probably no more than the bound.
 *   <li>What a layer costs in integers, {@link LayerSensitivity} says; a value that 8 bits are bad
 *       for shows in the layer that writes it and in those that read it, and leaves the integers
 *       when all of these do.
 *   <li>The layers that cost most become floats: the fewest in this order with which the loss is
 *       probably within the bound, found by doubling and halving. Binary ones stay, as their floats
 *       would take 32 times the bytes.
 *   <li>Biases are corrected anew, where that brings the answers nearer and keeps the bound.
 *   <li>Where not even all of these in floats are enough, as image and output are rounded in any
 *       case, all stay integers.
 * </ol>
 */
public final class FloatLayers {
  private final Calibration calibration;
  private final Calibrated full;
  private final double maxDrop;

  private FloatLayers(Calibration calibration, double maxDrop) {
    this.calibration = calibration;
    this.full = calibration.calibrated();
    this.maxDrop = maxDrop;
  }

  /**
   * @param calibration of all layers in integers
   * @param maxDrop points of accuracy that 8 bits may cost
   * @return what was calibrated where they cost no more, or nothing helps
   */
  public static Calibrated within(Calibration calibration, double maxDrop) {
    return calibration.costsMoreThan(maxDrop)
        ? new FloatLayers(calibration, maxDrop).run()
        : calibration.calibrated();
  }

  private Calibrated run() {
    List<LayerCost> costs = calibration.layers();
    List<String> worst =
        costs.stream()
            .sorted(Comparator.comparingDouble(LayerCost::divergence).reversed())
            .map(LayerCost::layer)
            .toList();
    int tooFew = 0;
    int enough = 1;
    while (worst.isEmpty() || !holds(answers(worst, enough))) {
      if (enough >= worst.size()) {
        return full.withCosts(costs);
      }
      tooFew = enough;
      enough = Math.min(worst.size(), 2 * enough);
    }
    while (enough - tooFew > 1) {
      int middle = (tooFew + enough) / 2;
      if (holds(answers(worst, middle))) {
        enough = middle;
      } else {
        tooFew = middle;
      }
    }
    Set<String> given = Set.copyOf(worst.subList(0, enough));
    return corrected(
        given,
        costs.stream()
            .map(
                cost ->
                    new LayerCost(cost.layer(), cost.divergence(), given.contains(cost.layer())))
            .toList());
  }

  private Calibrated corrected(Set<String> given, List<LayerCost> costs) {
    QuantizedGraph chosen = calibration.withFloats(given, Map.of());
    Predictions before = calibration.answers(chosen);
    Map<String, float[]> biases =
        BiasCorrection.of(chosen, calibration.floats(), calibration.images().ranges());
    QuantizedGraph corrected = calibration.withFloats(given, biases);
    Predictions after = calibration.answers(corrected);
    double divergence = calibration.divergence(after);
    boolean kept = holds(after) && divergence < calibration.divergence(before);
    return full.withLayers(
        kept ? corrected : chosen,
        new Calibrated.BiasesCorrected(divergence, kept, kept ? biases : Map.of()),
        calibration.divergence(kept ? after : before),
        100 * calibration.loss(kept ? after : before).estimate(),
        costs);
  }

  private Predictions answers(List<String> worst, int count) {
    return calibration.answers(
        calibration.withFloats(Set.copyOf(worst.subList(0, count)), Map.of()));
  }

  private boolean holds(Predictions found) {
    return calibration.loss(found).isProbablyWithin(maxDrop);
  }
}

package shallows.export.quantize.calibrate;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import shallows.data.evaluation.AccuracyLoss;
import shallows.data.evaluation.Predictions;
import shallows.export.onnx.QdqOnnxWriter;
import shallows.export.pass.ToConvolutions;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.StoredWeights;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.onnx.write.OnnxWriter;

/**
 * Gives layers back to floats where 8 bits cost more than they may.
 *
 * <ol>
 *   <li>Nothing is done where held-out images do not show that 8 bits cost anything, chance
 *       considered, or where it is probably no more than the bound.
 *   <li>What a layer costs is the divergence of the network that has this one layer in integers,
 *       with its weights, what it reads and what it writes, and all others in floats. So a value
 *       that 8 bits are bad for shows in the layer that writes it and in those that read it, and
 *       leaves the integers when all of these do.
 *   <li>The layers that cost most become floats: the fewest in this order with which the loss is
 *       probably within the bound, found by doubling and halving. Binary ones stay, as their floats
 *       would take 32 times the bytes.
 *   <li>Biases are corrected anew, where that brings the answers nearer and keeps the bound.
 *   <li>Where not even all of these in floats are enough, as image and output are rounded in any
 *       case, all stay integers.
 * </ol>
 */
public final class FloatLayers {
  /** To order layers by; divergence tells them apart on few images. */
  private static final int ORDERING = 100;

  private final Calibrated full;
  private final Graph folded;
  private final CalibrationImages images;
  private final double maxDrop;
  private final QuantizedGraph plain;
  private final HeldOutAnswers asked;
  private final Predictions exact;

  private FloatLayers(Calibrated full, Graph folded, CalibrationImages images, double maxDrop) {
    this.full = full;
    this.folded = folded;
    this.images = images;
    this.maxDrop = maxDrop;
    this.plain = QuantizedGraph.of(folded, full.graph().quantizations());
    this.asked = new HeldOutAnswers(folded, images.choice());
    this.exact = asked.of(OnnxWriter.bytes(ToConvolutions.apply(folded)));
  }

  /**
   * @param full calibrated, with all layers in integers
   * @param folded the network that it was made of
   * @param images that it was calibrated on
   * @param maxDrop points of accuracy that 8 bits may cost
   * @return the same where they cost no more, or nothing helps
   */
  public static Calibrated within(
      Calibrated full, Graph folded, CalibrationImages images, double maxDrop) {
    return full.pointsLost() > maxDrop
        ? new FloatLayers(full, folded, images, maxDrop).run()
        : full;
  }

  private Calibrated run() {
    if (!(loss(answers(full.graph())).atLeast(AccuracyLoss.QUANTILE) > 0)) {
      return full;
    }
    List<LayerCost> costs = costs();
    List<String> worst =
        costs.stream()
            .sorted(Comparator.comparingDouble(LayerCost::divergence).reversed())
            .map(LayerCost::layer)
            .toList();
    int tooFew = 0;
    int enough = 1;
    while (worst.isEmpty() || !holds(answers(inFloats(worst, enough)))) {
      if (enough >= worst.size()) {
        return full.withLayers(full.graph(), full.correction(), full.pointsLost(), costs);
      }
      tooFew = enough;
      enough = Math.min(worst.size(), 2 * enough);
    }
    while (enough - tooFew > 1) {
      int middle = (tooFew + enough) / 2;
      if (holds(answers(inFloats(worst, middle)))) {
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
    QuantizedGraph chosen = plain.withFloats(given);
    Predictions before = answers(chosen);
    Map<String, float[]> biases = BiasCorrection.of(chosen, images.ranges());
    QuantizedGraph corrected = QuantizedGraph.of(folded, chosen.quantizations(), biases, given);
    Predictions after = answers(corrected);
    double divergence = after.klDivergence(exact);
    boolean kept = holds(after) && divergence < before.klDivergence(exact);
    return full.withLayers(
        kept ? corrected : chosen,
        new Calibrated.BiasesCorrected(divergence, kept, kept ? biases : Map.of()),
        100 * loss(kept ? after : before).estimate(),
        costs);
  }

  private QuantizedGraph inFloats(List<String> worst, int count) {
    return plain.withFloats(Set.copyOf(worst.subList(0, count)));
  }

  /** In the order of the layers. */
  private List<LayerCost> costs() {
    HeldOutAnswers few = new HeldOutAnswers(folded, images.choice().evenly(ORDERING));
    Predictions right = few.of(OnnxWriter.bytes(ToConvolutions.apply(folded)));
    Set<String> all = plain.operators().stream().map(Node::name).collect(Collectors.toSet());
    return few.atOnce(plain.operators().stream().filter(node -> !StoredWeights.isBinary(node)))
        .map(
            node -> {
              Set<String> others = new HashSet<>(all);
              others.remove(node.name());
              Predictions found = few.of(QdqOnnxWriter.bytes(plain.withFloats(others)));
              double divergence = found.klDivergence(right);
              // Of what gives no numbers, the worst.
              return new LayerCost(
                  node.name(),
                  Double.isFinite(divergence) ? Math.max(0, divergence) : Double.MAX_VALUE,
                  false);
            })
        .toList();
  }

  private Predictions answers(QuantizedGraph graph) {
    return asked.of(QdqOnnxWriter.bytes(graph));
  }

  private AccuracyLoss loss(Predictions found) {
    return AccuracyLoss.between(exact.right(images.choice()), found.right(images.choice()));
  }

  private boolean holds(Predictions found) {
    return loss(found).isProbablyWithin(maxDrop);
  }
}

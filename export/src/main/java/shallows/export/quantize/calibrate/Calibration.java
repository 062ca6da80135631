package shallows.export.quantize.calibrate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shallows.data.LabelledImages;
import shallows.data.evaluation.AccuracyLoss;
import shallows.data.evaluation.Predictions;
import shallows.export.pass.ToConvolutions;
import shallows.export.quantize.Int8Form;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.WeightScales;
import shallows.model.graph.Graph;
import shallows.model.graph.Tensor;
import shallows.model.onnx.write.OnnxWriter;

/**
 * Finds the scales of a graph: each calibrator proposes some from the values on training images,
 * and the one whose network answers most like the graph on held-out images wins. «Most like» is the
 * smallest mean Kullback-Leibler divergence Σ p·ln(p/q) of its class probabilities q from those of
 * the graph p, which tells calibrators apart that a thousand labels do not. The biases of that
 * network are corrected where this makes it smaller still.
 *
 * <p>Where one scale has to do for a whole weight, and where 8 bits cost more than they may,
 * weights are equalized and how they are rounded is learned, each if it makes it smaller again.
 */
public final class Calibration {
  /** To order layers by; divergence tells them apart on few images. */
  private static final int ORDERING = 100;

  private final CalibrationBasis basis;

  /** Before anything is rounded. */
  private final Graph floats;

  /** With weights that the integers are the nearest of. */
  private final Graph network;

  private final Calibrated calibrated;
  private final Predictions found;

  /** Whether equalized weights were tried, be they taken or not. */
  private final boolean triedEqualized;

  private Calibration(
      CalibrationBasis basis,
      Graph floats,
      Graph network,
      Calibrated calibrated,
      Predictions found,
      boolean triedEqualized) {
    this.basis = basis;
    this.floats = floats;
    this.network = network;
    this.calibrated = calibrated;
    this.found = found;
    this.triedEqualized = triedEqualized;
  }

  /**
   * @param folded after the export passes
   * @param form how it will be written
   */
  public static Calibrated of(Graph folded, CalibrationImages images, Int8Form form) {
    return run(folded, images, form).calibrated();
  }

  /** The same, for whoever goes on from what the images were answered. */
  public static Calibration run(Graph folded, CalibrationImages images, Int8Form form) {
    Calibration plain = plain(folded, images, form);
    return form.weightScales() == WeightScales.PER_TENSOR ? plain.equalized() : plain;
  }

  /** The same with weights as they are, whatever their scales. */
  public static Calibration plain(Graph folded, CalibrationImages images, Int8Form form) {
    Graph graph = ToConvolutions.apply(folded);
    HeldOutAnswers asked = new HeldOutAnswers(folded, images.choice());
    CalibrationBasis basis =
        new CalibrationBasis(images, form, asked, asked.of(OnnxWriter.bytes(graph)));
    RangeChoice choice = RangeChoice.of(basis, graph);
    Settled settled = Settled.of(basis, graph, choice.graph(), choice.answers());
    WeightRounding weights = toTheNearest(basis, graph, choice.graph(), settled.divergence(basis));
    return of(basis, graph, choice.graph().graph(), choice.ranges(), settled, weights, false);
  }

  /** What came of it. */
  public Calibrated calibrated() {
    return calibrated;
  }

  /** What 8 bits cost in each layer alone, in the order of the layers; this takes a while. */
  public List<LayerCost> layers() {
    LabelledImages few = basis.images().choice().evenly(ORDERING);
    QuantizedGraph nearest =
        basis.quantized(floats, calibrated.graph().quantizations(), Map.of(), Set.of());
    return LayerSensitivity.of(nearest, few, basis.exact().evenly(ORDERING));
  }

  /**
   * Whether held-out images show that 8 bits cost something, chance considered, and probably more
   * than a bound.
   *
   * @param maxDrop points of accuracy
   */
  boolean costsMoreThan(double maxDrop) {
    return calibrated.pointsLost() > maxDrop && loss(found).atLeast(AccuracyLoss.QUANTILE) > 0;
  }

  /**
   * This, where 8 bits cost no more than a bound; else the network whose weights are equalized, and
   * then the one in which it is learned how they are rounded, each where it answers more as the
   * floats do.
   *
   * @param maxDrop points of accuracy
   */
  public Calibration within(double maxDrop) {
    Calibration best = this;
    if (best.costsMoreThan(maxDrop) && !best.triedEqualized) {
      best = best.equalized();
    }
    return best.costsMoreThan(maxDrop) ? best.learned() : best;
  }

  /** The network with equalized weights, where it answers more as the floats do; else this. */
  public Calibration equalized() {
    return CrossLayerEqualization.of(floats, basis.images().ranges())
        .map(this::withEqualized)
        .filter(this::isFartherThan)
        .orElseGet(() -> new Calibration(basis, floats, network, calibrated, found, true));
  }

  private Calibration withEqualized(Graph other) {
    RangeChoice choice = RangeChoice.of(basis, other);
    Settled settled = Settled.of(basis, other, choice.graph(), choice.answers());
    WeightRounding weights = calibrated.weights().withEqualized(settled.divergence(basis));
    return of(basis, other, choice.graph().graph(), choice.ranges(), settled, weights, true);
  }

  /** The one in which it is learned how weights are rounded, likewise. */
  public Calibration learned() {
    Graph rounded = LearnedRounding.of(withFloats(Set.of(), Map.of()), basis.images().ranges());
    QuantizedGraph plain =
        basis.quantized(rounded, calibrated.graph().quantizations(), Map.of(), Set.of());
    Settled settled = Settled.of(basis, floats, plain, basis.answers(plain));
    WeightRounding weights = calibrated.weights().withLearned(settled.divergence(basis));
    Calibration learned =
        of(basis, floats, plain.graph(), calibrated.ranges(), settled, weights, triedEqualized);
    return isFartherThan(learned) ? learned : this;
  }

  private boolean isFartherThan(Calibration other) {
    return other.found.klDivergence(basis.exact()) < found.klDivergence(basis.exact());
  }

  /** Before anything is rounded, with the weights that are. */
  Graph floats() {
    return floats;
  }

  CalibrationImages images() {
    return basis.images();
  }

  /**
   * The network with the scales that were found. Where rounding was learned, the layers of integers
   * keep the shift of their biases, too: it makes good for how their own weights are rounded.
   *
   * @param layers that compute in floats, with their weights as they are
   * @param biases what is added to them
   */
  QuantizedGraph withFloats(Set<String> layers, Map<String, float[]> biases) {
    Map<String, Tensor> exact = new HashMap<>();
    for (String layer : layers) {
      for (String input : floats.node(layer).inputs()) {
        if (floats.parameters().containsKey(input)) {
          exact.put(input, floats.parameter(input));
        }
      }
    }
    return basis.quantized(
        network.withParameters(exact), calibrated.graph().quantizations(), biases, layers);
  }

  /** What a network answers to the images that decide. */
  Predictions answers(QuantizedGraph graph) {
    return basis.answers(graph);
  }

  double divergence(Predictions answers) {
    return answers.klDivergence(basis.exact());
  }

  /** Of accuracy, against the network of floats. */
  AccuracyLoss loss(Predictions answers) {
    LabelledImages choice = basis.images().choice();
    return AccuracyLoss.between(basis.exact().right(choice), answers.right(choice));
  }

  /** With a scale for each output it is found as with one, so that the two compare. */
  private static WeightRounding toTheNearest(
      CalibrationBasis basis, Graph floats, QuantizedGraph chosen, double divergence) {
    if (basis.form().weightScales() == WeightScales.PER_CHANNEL) {
      return WeightRounding.perChannel(divergence);
    }
    QuantizedGraph other = chosen.with(WeightScales.PER_CHANNEL);
    Settled perChannel = Settled.of(basis, floats, other, basis.answers(other));
    return WeightRounding.perTensor(divergence, perChannel.divergence(basis));
  }

  private static Calibration of(
      CalibrationBasis basis,
      Graph floats,
      Graph network,
      Calibrated.Ranges ranges,
      Settled settled,
      WeightRounding weights,
      boolean triedEqualized) {
    LabelledImages choice = basis.images().choice();
    return new Calibration(
        basis,
        floats,
        network,
        new Calibrated(
            settled.graph(),
            ranges,
            settled.correction(),
            weights,
            settled.divergence(basis),
            100 * (basis.exact().accuracy(choice) - settled.found().accuracy(choice)),
            List.of()),
        settled.found(),
        triedEqualized);
  }

  /**
   * A network whose biases are corrected where that brings the answers nearer to the floats.
   *
   * @param found what it answers to the images that decide
   */
  private record Settled(
      QuantizedGraph graph, Calibrated.BiasesCorrected correction, Predictions found) {
    /**
     * @param floats before anything is rounded
     * @param before what {@code plain} answers
     */
    static Settled of(
        CalibrationBasis basis, Graph floats, QuantizedGraph plain, Predictions before) {
      Map<String, float[]> biases = BiasCorrection.of(plain, floats, basis.images().ranges());
      QuantizedGraph corrected =
          QuantizedGraph.of(plain.graph(), plain.quantizations(), biases, Set.of())
              .with(plain.weightScales());
      Predictions after = basis.answers(corrected);
      double divergence = after.klDivergence(basis.exact());
      // It makes means right, and may make single answers worse.
      boolean kept = divergence < before.klDivergence(basis.exact());
      return new Settled(
          kept ? corrected : plain,
          new Calibrated.BiasesCorrected(divergence, kept, kept ? biases : Map.of()),
          kept ? after : before);
    }

    double divergence(CalibrationBasis basis) {
      return found.klDivergence(basis.exact());
    }
  }
}

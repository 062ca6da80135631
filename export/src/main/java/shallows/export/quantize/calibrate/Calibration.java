package shallows.export.quantize.calibrate;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.export.onnx.QdqOnnxWriter;
import shallows.export.pass.ToConvolutions;
import shallows.export.quantize.Int8Sums;
import shallows.export.quantize.Quantization;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.Range;
import shallows.export.quantize.SharedRanges;
import shallows.model.graph.Graph;
import shallows.model.onnx.write.OnnxWriter;

/**
 * Finds the scales of a graph: each calibrator proposes some from the values on training images,
 * and the one whose network answers most like the graph on held-out images wins. «Most like» is the
 * smallest mean Kullback-Leibler divergence Σ p·ln(p/q) of its class probabilities q from those of
 * the graph p, which tells calibrators apart that a thousand labels do not. The biases of that
 * network are corrected where this makes it smaller still.
 */
public final class Calibration {
  /** To order layers by; divergence tells them apart on few images. */
  private static final int ORDERING = 100;

  private final Graph folded;
  private final CalibrationImages images;
  private final Int8Sums sums;
  private final HeldOutAnswers asked;
  private Predictions exact;
  private Predictions found;
  private Calibrated calibrated;

  private Calibration(Graph folded, CalibrationImages images, Int8Sums sums) {
    this.folded = folded;
    this.images = images;
    this.sums = sums;
    this.asked = new HeldOutAnswers(folded, images.choice());
  }

  /**
   * @param folded after the export passes
   * @param sums how they will be written
   */
  public static Calibrated of(Graph folded, CalibrationImages images, Int8Sums sums) {
    return run(folded, images, sums).calibrated();
  }

  /** The same, for whoever goes on from what the images were answered. */
  public static Calibration run(Graph folded, CalibrationImages images, Int8Sums sums) {
    Calibration calibration = new Calibration(folded, images, sums);
    calibration.run();
    return calibration;
  }

  /** What came of it. */
  public Calibrated calibrated() {
    return calibrated;
  }

  /** What 8 bits cost in each layer alone, in the order of the layers; this takes a while. */
  public List<LayerCost> layers() {
    LabelledImages few = images.choice().evenly(ORDERING);
    return LayerSensitivity.of(uncorrected(), few, exact.evenly(ORDERING));
  }

  Graph folded() {
    return folded;
  }

  CalibrationImages images() {
    return images;
  }

  HeldOutAnswers asked() {
    return asked;
  }

  /** The scales that were found, biases as they were. */
  QuantizedGraph uncorrected() {
    return QuantizedGraph.of(folded, calibrated.graph().quantizations());
  }

  /** What the network of floats answers to the images that decide. */
  Predictions exact() {
    return exact;
  }

  /** What that of integers answers to them. */
  Predictions found() {
    return found;
  }

  private void run() {
    Graph graph = ToConvolutions.apply(folded);
    Map<String, Histogram> histograms = ValueHistograms.of(graph, images.ranges());
    Map<Calibrator, QuantizedGraph> candidates = new EnumMap<>(Calibrator.class);
    for (Calibrator calibrator : Calibrator.values()) {
      candidates.put(calibrator, QuantizedGraph.of(folded, scales(graph, histograms, calibrator)));
    }
    exact = asked.of(OnnxWriter.bytes(graph));
    Map<Calibrator, Predictions> answers = answers(candidates);
    Map<Calibrator, Double> divergences = new EnumMap<>(Calibrator.class);
    answers.forEach((calibrator, found) -> divergences.put(calibrator, found.klDivergence(exact)));
    Calibrator best =
        candidates.keySet().stream().min(Comparator.comparing(divergences::get)).orElseThrow();
    QuantizedGraph chosen = candidates.get(best);
    Map<String, float[]> biases = BiasCorrection.of(chosen, images.ranges());
    QuantizedGraph corrected = QuantizedGraph.of(folded, chosen.quantizations(), biases);
    Predictions after = asked.of(QdqOnnxWriter.bytes(corrected));
    double divergence = after.klDivergence(exact);
    // It makes means right, and may make single answers worse.
    boolean kept = divergence < divergences.get(best);
    found = kept ? after : answers.get(best);
    calibrated =
        new Calibrated(
            kept ? corrected : chosen,
            best,
            images.ranges().size(),
            images.choice().size(),
            divergences,
            new Calibrated.BiasesCorrected(divergence, kept, kept ? biases : Map.of()),
            100 * (exact.accuracy(images.choice()) - found.accuracy(images.choice())),
            List.of());
  }

  /** Each distinct network is asked once; several at a time where there are several processors. */
  private Map<Calibrator, Predictions> answers(Map<Calibrator, QuantizedGraph> candidates) {
    Map<Map<String, Quantization>, QuantizedGraph> distinct = new LinkedHashMap<>();
    candidates.values().forEach(graph -> distinct.putIfAbsent(graph.quantizations(), graph));
    Map<Map<String, Quantization>, Predictions> known =
        asked
            .atOnce(distinct.entrySet().stream())
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, entry -> asked.of(QdqOnnxWriter.bytes(entry.getValue()))));
    Map<Calibrator, Predictions> answers = new EnumMap<>(Calibrator.class);
    candidates.forEach(
        (calibrator, graph) -> answers.put(calibrator, known.get(graph.quantizations())));
    return answers;
  }

  private Map<String, Quantization> scales(
      Graph graph, Map<String, Histogram> histograms, Calibrator calibrator) {
    Map<String, Range> ranges =
        histograms.entrySet().parallelStream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    entry -> range(graph, entry.getKey(), entry.getValue(), calibrator)));
    return SharedRanges.quantizations(graph, ranges, sums);
  }

  private static Range range(
      Graph graph, String value, Histogram histogram, Calibrator calibrator) {
    // Cutting logits off would make the best two equal; pixels end where they end.
    return value.equals(graph.output()) || value.equals(graph.input().name())
        ? histogram.seen()
        : calibrator.range(histogram);
  }
}

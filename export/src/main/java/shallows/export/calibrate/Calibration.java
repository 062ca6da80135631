package shallows.export.calibrate;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shallows.export.pass.ToConvolutions;
import shallows.export.quantize.Int8Sums;
import shallows.export.quantize.QdqOnnxWriter;
import shallows.export.quantize.Quantization;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.Range;
import shallows.export.quantize.SharedRanges;
import shallows.export.runtime.OnnxActivations;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.model.evaluation.Predictions;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.images.LabelledImages;
import shallows.model.images.Normalization;
import shallows.model.onnx.OnnxWriter;
import shallows.model.progress.Progress;

/**
 * Finds the scales of a graph: each calibrator proposes some from the values on training images,
 * and the one whose network answers most like the graph on held-out images wins. «Most like» is the
 * smallest mean Kullback-Leibler divergence Σ p·ln(p/q) of its class probabilities q from those of
 * the graph p, which tells calibrators apart that a thousand labels do not.
 */
public final class Calibration {
  private static final int BATCH = 32;

  /** Numbers that a batch may have in all values together: 64 MB. */
  private static final long LARGEST_BATCH = 16L << 20;

  /** As many as sums have in one order always, so that the same images give the same scales. */
  private static final int THREADS = 1;

  private final Graph folded;
  private final CalibrationImages images;
  private final Int8Sums sums;

  private Calibration(Graph folded, CalibrationImages images, Int8Sums sums) {
    this.folded = folded;
    this.images = images;
    this.sums = sums;
  }

  /**
   * @param folded after the export passes
   * @param sums how they will be written
   */
  public static Calibrated of(Graph folded, CalibrationImages images, Int8Sums sums) {
    return new Calibration(folded, images, sums).run();
  }

  private Calibrated run() {
    Graph graph = ToConvolutions.apply(folded);
    Map<String, Histogram> histograms = histograms(graph);
    Predictions exact = predictions(OnnxWriter.bytes(graph));
    Map<Calibrator, Double> divergences = new EnumMap<>(Calibrator.class);
    Calibrator best = null;
    QuantizedGraph chosen = null;
    for (Calibrator calibrator : Calibrator.values()) {
      QuantizedGraph candidate = QuantizedGraph.of(folded, scales(graph, histograms, calibrator));
      double divergence = predictions(QdqOnnxWriter.bytes(candidate)).klDivergence(exact);
      divergences.put(calibrator, divergence);
      if (best == null || divergence < divergences.get(best)) {
        best = calibrator;
        chosen = candidate;
      }
    }
    return new Calibrated(
        chosen, best, images.ranges().size(), images.choice().size(), divergences);
  }

  private Map<String, Quantization> scales(
      Graph graph, Map<String, Histogram> histograms, Calibrator calibrator) {
    Map<String, Range> ranges = new HashMap<>();
    histograms.forEach(
        (value, histogram) ->
            ranges.put(
                value,
                // Cutting logits off would make the best two equal; pixels end where they end.
                value.equals(graph.output()) || value.equals(graph.input().name())
                    ? histogram.seen()
                    : calibrator.range(histogram)));
    return SharedRanges.quantizations(graph, ranges, sums);
  }

  /** The values twice: for their range, and then for how they lie in it. */
  private Map<String, Histogram> histograms(Graph graph) {
    Set<String> values = QuantizedGraph.rounded(graph).keySet();
    List<String> computed = values.stream().filter(graph::hasNode).toList();
    Map<String, Range> seen = new HashMap<>();
    Map<String, Histogram> histograms = new HashMap<>();
    try (OnnxActivations runtime = OnnxActivations.open(graph, computed, THREADS)) {
      forEachBatch(graph, runtime, (name, value) -> seen.merge(name, rangeOf(value), Range::union));
      seen.forEach((name, range) -> histograms.put(name, new Histogram(range)));
      forEachBatch(graph, runtime, (name, value) -> histograms.get(name).add(value));
    }
    return histograms;
  }

  /** Takes one value on some images. */
  private interface Observer {
    void observe(String name, float[] value);
  }

  private void forEachBatch(Graph graph, OnnxActivations runtime, Observer observer) {
    LabelledImages ranges = images.ranges();
    Normalization normalization = new Normalization(graph.task().mean(), graph.task().deviation());
    int batch = batch(graph);
    for (int from = 0; from < ranges.size(); from += batch) {
      int to = Math.min(from + batch, ranges.size());
      float[] pixels = ranges.channelsFirst(from, to, normalization);
      observer.observe(graph.input().name(), pixels);
      runtime.run(pixels, to - from).forEach(observer::observe);
    }
  }

  private static int batch(Graph graph) {
    long numbers = graph.input().shape().size();
    for (Node node : graph.nodes()) {
      numbers += graph.shape(node.name()).size();
    }
    return (int) Math.max(1, Math.min(BATCH, LARGEST_BATCH / numbers));
  }

  private static Range rangeOf(float[] values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (float value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return new Range(low, high);
  }

  private Predictions predictions(byte[] model) {
    try (OnnxRuntimeClassifier classifier =
        OnnxRuntimeClassifier.open(model, folded.name(), THREADS)) {
      return Predictions.of(classifier, images.choice(), folded.task(), BATCH, Progress.SILENT);
    }
  }
}

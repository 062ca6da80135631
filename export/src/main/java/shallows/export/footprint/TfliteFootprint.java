package shallows.export.footprint;

import java.util.HashMap;
import java.util.Map;
import shallows.export.ExportPrecision;
import shallows.export.pass.ExportPasses;
import shallows.export.pass.ToConvolutions;
import shallows.export.quantize.Int8Form;
import shallows.export.quantize.Quantization;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.Range;
import shallows.export.quantize.SharedRanges;
import shallows.export.runtime.TfliteClassifier;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.export.verify.Latency;
import shallows.model.graph.Graph;

/**
 * The size and the speed of the TFLite file that a graph would become. Neither depends on the
 * scales of an int8 file, so none are calibrated: any will do.
 */
public final class TfliteFootprint {
  /** What every value of an int8 file is taken to range over. */
  private static final Range ANY = new Range(-1, 1);

  private static final int WARM_UPS = 10;
  private static final int RUNS = 50;

  /** Other programs only ever make a run slower, so the least median of several tells most. */
  private static final int REPETITIONS = 3;

  private TfliteFootprint() {}

  /**
   * The size of the file.
   *
   * @param form of files of integers
   */
  public static long bytes(Graph graph, ExportPrecision precision, Int8Form form) {
    Graph folded = ExportPasses.all(graph);
    TfliteOptions options = options(precision);
    return precision.isInteger()
        ? TfliteWriter.size(quantized(folded, form), options)
        : TfliteWriter.size(folded, options);
  }

  /**
   * The median time of one image on one thread in ms, the least of several medians.
   *
   * @param form of files of integers
   */
  public static double latency(Graph graph, ExportPrecision precision, Int8Form form) {
    float[] image = new float[graph.input().shape().size()];
    double least = Double.POSITIVE_INFINITY;
    try (TfliteClassifier classifier =
        TfliteClassifier.open(content(graph, precision, form), graph.name(), 1)) {
      for (int i = 0; i < REPETITIONS; i++) {
        least = Math.min(least, Latency.of(classifier, image, WARM_UPS, RUNS).median());
      }
    }
    return least;
  }

  private static byte[] content(Graph graph, ExportPrecision precision, Int8Form form) {
    Graph folded = ExportPasses.all(graph);
    TfliteOptions options = options(precision);
    return precision.isInteger()
        ? TfliteWriter.bytes(quantized(folded, form), options)
        : TfliteWriter.bytes(folded, options);
  }

  private static TfliteOptions options(ExportPrecision precision) {
    return TfliteOptions.STANDARD.with(precision.storage());
  }

  private static QuantizedGraph quantized(Graph folded, Int8Form form) {
    Graph convolutions = ToConvolutions.apply(folded);
    Map<String, Range> ranges = new HashMap<>();
    QuantizedGraph.rounded(convolutions).keySet().forEach(value -> ranges.put(value, ANY));
    Map<String, Quantization> scales =
        SharedRanges.quantizations(convolutions, ranges, form.sums());
    return QuantizedGraph.of(folded, scales).with(form.weightScales());
  }
}

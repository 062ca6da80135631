package shallows.export.quantize.calibrate;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import shallows.data.evaluation.Predictions;
import shallows.export.quantize.Int8Sums;
import shallows.export.quantize.Quantization;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.Range;
import shallows.export.quantize.SharedRanges;
import shallows.model.graph.Graph;

/**
 * The ranges of values that one of the calibrators proposes: those with which the network answers
 * most like the one of floats.
 *
 * @param graph with their scales
 * @param answers of it to the images that decide
 */
record RangeChoice(QuantizedGraph graph, Predictions answers, Calibrated.Ranges ranges) {
  static RangeChoice of(CalibrationBasis basis, Graph network) {
    Map<String, Histogram> histograms = ValueHistograms.of(network, basis.images().ranges());
    Map<Calibrator, QuantizedGraph> candidates = new EnumMap<>(Calibrator.class);
    for (Calibrator calibrator : Calibrator.values()) {
      Map<String, Quantization> scales =
          scales(network, histograms, calibrator, basis.form().sums());
      candidates.put(calibrator, basis.quantized(network, scales, Map.of(), Set.of()));
    }
    Map<Calibrator, Predictions> answers = answers(basis, candidates);
    Map<Calibrator, Double> divergences = new EnumMap<>(Calibrator.class);
    answers.forEach(
        (calibrator, found) -> divergences.put(calibrator, found.klDivergence(basis.exact())));
    Calibrator best =
        candidates.keySet().stream().min(Comparator.comparing(divergences::get)).orElseThrow();
    return new RangeChoice(
        candidates.get(best),
        answers.get(best),
        new Calibrated.Ranges(
            best, basis.images().ranges().size(), basis.images().choice().size(), divergences));
  }

  /** Each distinct network is asked once; several at a time where there are several processors. */
  private static Map<Calibrator, Predictions> answers(
      CalibrationBasis basis, Map<Calibrator, QuantizedGraph> candidates) {
    Map<Map<String, Quantization>, QuantizedGraph> distinct = new LinkedHashMap<>();
    candidates.values().forEach(graph -> distinct.putIfAbsent(graph.quantizations(), graph));
    Map<Map<String, Quantization>, Predictions> known =
        basis
            .asked()
            .atOnce(distinct.entrySet().stream())
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> basis.answers(entry.getValue())));
    Map<Calibrator, Predictions> answers = new EnumMap<>(Calibrator.class);
    candidates.forEach(
        (calibrator, graph) -> answers.put(calibrator, known.get(graph.quantizations())));
    return answers;
  }

  private static Map<String, Quantization> scales(
      Graph graph, Map<String, Histogram> histograms, Calibrator calibrator, Int8Sums sums) {
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

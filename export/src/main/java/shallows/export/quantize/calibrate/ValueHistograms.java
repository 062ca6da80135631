package shallows.export.quantize.calibrate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shallows.data.LabelledImages;
import shallows.data.PixelOrder;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.runtime.OnnxActivations;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;

/** How the values of a graph lie that are rounded, in one pass over the images. */
final class ValueHistograms {
  private static final int BATCH = 32;

  /** Numbers that a batch may have in all values together: 16 MB, on each thread. */
  private static final long LARGEST_BATCH = 4L << 20;

  /** On a session; the batches are what is shared among processors. */
  private static final int THREADS = 1;

  private ValueHistograms() {}

  /**
   * @param graph of convolutions
   * @return by the names of values
   * @throws BadInputException when a value is no number on one of the images
   */
  static Map<String, Histogram> of(Graph graph, LabelledImages images) {
    Set<String> values = QuantizedGraph.rounded(graph).keySet();
    List<String> computed = values.stream().filter(graph::hasNode).toList();
    Map<String, Histogram> histograms = new HashMap<>();
    values.forEach(value -> histograms.put(value, new Histogram()));
    try (OnnxActivations runtime = OnnxActivations.open(graph, computed, THREADS)) {
      new ImageBatches(images, graph.task(), batch(graph))
          .map(
              (from, pixels, count) -> {
                add(graph, histograms, graph.input().name(), pixels);
                Map<String, float[]> found =
                    runtime.run(PixelOrder.channelsFirst(pixels, count, images.channels()), count);
                // In the order of the graph, so that the first that is none is named.
                computed.forEach(name -> add(graph, histograms, name, found.get(name)));
                return count;
              });
    }
    return histograms;
  }

  private static void add(
      Graph graph, Map<String, Histogram> histograms, String name, float[] values) {
    try {
      histograms.get(name).add(values);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          graph.name() + ": value '" + name + "'",
          "numbers on every training image, for 8 bits to stand for",
          "NaN or infinity",
          Phrase.of("leave int8 and mixed out of %s", Setting.PRECISION),
          e);
    }
  }

  /** How many images at a time, where all values of a graph are asked for. */
  static int batch(Graph graph) {
    long numbers = graph.input().shape().size();
    for (Node node : graph.nodes()) {
      numbers += graph.shape(node.name()).size();
    }
    return (int) Math.max(1, Math.min(BATCH, LARGEST_BATCH / numbers));
  }
}

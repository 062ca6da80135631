package shallows.export.quantize.calibrate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import shallows.data.LabelledImages;
import shallows.export.pass.ToConvolutions;
import shallows.export.quantize.StoredWeights;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * Weights of the same function whose channels are of like size, so that one scale fits all of them
 * (Nagel et al. 2019, "Data-Free Quantization Through Weight Equalization and Bias Correction",
 * section 4.1). Of two layers, one behind the other, with r₁ the largest magnitude of the weights
 * that make channel i in the first, and r₂ of those that read it in the second,
 *
 * <pre>  s = √(r₁ / r₂),  W₁[i] / s,  b₁[i] / s,  W₂[·, i] · s</pre>
 *
 * leave both at √(r₁ · r₂). Layers that are in two pairs are equalized again until nothing moves.
 * Values are divided by s with the weights that make them. A channel that batch norm has all but
 * switched off would grow by much, and take the levels of the others: so s is never so small that a
 * channel becomes larger, on images, than the largest of the value was.
 *
 * <ol>
 *   <li>Between the two may stand what a positive factor passes: a Relu, a LeakyRelu, a pool, and a
 *       Flatten of one pixel.
 *   <li>A Clip from 0 on, too: what stays below its upper bound, before and after, is the same
 *       function. Channels that reach the bound on images stay as they are.
 *   <li>What reads a channel that is zero on all images becomes zero: folded batch norm may have
 *       made weights of any size there, as there was no variance to divide by.
 *   <li>Not applied where anything on the way has another reader, to binary layers, and where a
 *       channel has no weights on one side.
 * </ol>
 */
final class CrossLayerEqualization {
  private static final int MOST_SWEEPS = 30;

  /** Of a factor from 1. */
  private static final double STILL = 1e-3;

  /** Of the bound of a Clip: channels that are seen to stay below it keep as much below it. */
  private static final double SHORT_OF_IT = 0.9;

  private final Graph graph;
  private final Map<String, Node> readers;
  private final Map<String, double[]> weights = new LinkedHashMap<>();
  private final List<Pair> pairs;

  /** Of each channel of a value between two layers, as they are by now. */
  private final Map<String, double[]> peaks;

  /** As they were. */
  private final Map<String, Double> largest = new HashMap<>();

  /**
   * @param value what goes from one to the other, behind an activation
   * @param bound that a Clip holds it to; infinite where there is none
   */
  private record Pair(Node first, Node second, String value, double bound) {}

  private CrossLayerEqualization(Graph graph, LabelledImages images) {
    this.graph = graph;
    Map<String, Integer> uses = graph.uses();
    this.readers = new HashMap<>();
    for (Node node : graph.nodes()) {
      for (String input : node.inputs()) {
        if (uses.get(input) == 1) {
          readers.put(input, node);
        }
      }
    }
    this.pairs = graph.nodes().stream().flatMap(node -> pair(node).stream()).toList();
    this.peaks =
        pairs.isEmpty()
            ? Map.of()
            : ChannelPeaks.of(graph, pairs.stream().map(Pair::value).toList(), images);
    peaks.forEach((value, each) -> largest.put(value, Arrays.stream(each).max().orElseThrow()));
  }

  /**
   * @param folded after the export passes
   * @param images that values are seen on
   * @return of convolutions, with the same nodes; empty where there are no such layers
   */
  static Optional<Graph> of(Graph folded, LabelledImages images) {
    CrossLayerEqualization all = new CrossLayerEqualization(ToConvolutions.apply(folded), images);
    return all.pairs.isEmpty() ? Optional.empty() : Optional.of(all.run());
  }

  private Graph run() {
    boolean moved = true;
    for (int sweep = 0; moved && sweep < MOST_SWEEPS; sweep++) {
      moved = false;
      for (Pair pair : pairs) {
        moved |= equalize(pair);
      }
    }
    Map<String, Tensor> parameters = new HashMap<>(graph.parameters());
    weights.forEach(
        (name, values) -> {
          float[] floats = new float[values.length];
          for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
          }
          parameters.put(name, new Tensor(graph.parameter(name).shape(), floats));
        });
    return graph.withParameters(parameters);
  }

  /** A layer and the one that reads what it writes, if it may be equalized with it. */
  private Optional<Pair> pair(Node first) {
    if (!isEqual(first) || !readers.containsKey(first.inputs().get(2))) {
      return Optional.empty();
    }
    String value = first.name();
    double bound = Double.POSITIVE_INFINITY;
    Node at = first;
    while (readers.containsKey(at.name())) {
      Node next = readers.get(at.name());
      if (isEqual(next)) {
        return Optional.of(new Pair(first, next, value, bound));
      }
      if (next.operation() instanceof Operation.Clip clip && clip.low() == 0 && at == first) {
        bound = clip.high();
      } else if (!passes(next, at)) {
        return Optional.empty();
      }
      if (at == first) {
        value = next.name();
      }
      at = next;
    }
    return Optional.empty();
  }

  /** A layer of floats whose weight nobody else reads. */
  private boolean isEqual(Node node) {
    return (node.operation() instanceof Operation.Conv2d
            || node.operation() instanceof Operation.Linear)
        && !StoredWeights.isBinary(node)
        && readers.containsKey(node.inputs().get(1));
  }

  private boolean passes(Node node, Node before) {
    Operation operation = node.operation();
    return operation instanceof Operation.Relu
        || operation instanceof Operation.LeakyRelu
        || operation instanceof Operation.MaxPool
        || operation instanceof Operation.AveragePool
        || operation instanceof Operation.GlobalAveragePool
        || operation instanceof Operation.Flatten
            && graph.shape(before.name()).size() == graph.shape(before.name()).dimension(0);
  }

  private boolean equalize(Pair pair) {
    double[] peak = peaks.get(pair.value());
    double bound = SHORT_OF_IT * pair.bound();
    double most = Math.min(bound, largest.get(pair.value()));
    double[] first = values(pair.first().inputs().get(1));
    double[] bias = values(pair.first().inputs().get(2));
    double[] second = values(pair.second().inputs().get(1));
    Shape shape = graph.parameter(pair.second().inputs().get(1)).shape();
    int perOutput = first.length / bias.length;
    boolean moved = false;
    for (int channel = 0; channel < bias.length; channel++) {
      int[] reading = reading(pair.second(), shape, channel);
      double made = 0;
      for (int i = channel * perOutput; i < (channel + 1) * perOutput; i++) {
        made = Math.max(made, Math.abs(first[i]));
      }
      if (peak[channel] == 0) {
        Arrays.stream(reading).forEach(i -> second[i] = 0);
      }
      double read = Arrays.stream(reading).mapToDouble(i -> Math.abs(second[i])).max().orElse(0);
      if (made > 0 && read > 0 && peak[channel] <= bound) {
        double factor = Math.max(Math.sqrt(made / read), peak[channel] / most);
        moved |= Math.abs(factor - 1) > STILL;
        for (int i = channel * perOutput; i < (channel + 1) * perOutput; i++) {
          first[i] /= factor;
        }
        bias[channel] /= factor;
        peak[channel] /= factor;
        for (int i : reading) {
          second[i] *= factor;
        }
      }
    }
    return moved;
  }

  private double[] values(String parameter) {
    return weights.computeIfAbsent(
        parameter,
        name -> {
          float[] floats = graph.parameter(name).values();
          double[] values = new double[floats.length];
          Arrays.setAll(values, i -> floats[i]);
          return values;
        });
  }

  /**
   * Where the weights of a layer lie that read a channel.
   *
   * @param shape {@code (O, C / groups, …)}
   */
  private static int[] reading(Node layer, Shape shape, int channel) {
    int groups = layer.operation() instanceof Operation.Conv2d conv ? conv.groups() : 1;
    int channels = shape.dimension(1);
    int outputs = shape.dimension(0) / groups;
    int kernel = shape.size() / shape.dimension(0) / channels;
    int[] reading = new int[outputs * kernel];
    int at = 0;
    int group = channel / channels;
    for (int o = group * outputs; o < (group + 1) * outputs; o++) {
      for (int k = 0; k < kernel; k++) {
        reading[at++] = (o * channels + channel % channels) * kernel + k;
      }
    }
    return reading;
  }
}

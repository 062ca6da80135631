package shallows.export.quantize;

import ai.onnxruntime.platform.Fp16Conversions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shallows.model.graph.BinaryWeights;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Tensor;

/**
 * The weights of a graph's layers in fewer bits than it computes with: in half precision (IEEE 754,
 * rounded to the nearest, halves to even), or in 8 or 4 bits, symmetric about zero, with a scale
 * for each output. A runtime makes floats of them, when it loads the file or, at the latest, when
 * it runs it, and computes as with any. So values are floats, no image is needed to write such a
 * file, and what it has to answer is known: what the graph of {@link #computed} answers.
 *
 * <p>Of half precision biases are stored likewise: XNNPACK wants both or none. Beside weights of 8
 * bits they stay floats. So do both of a layer with a number beyond ±65,504 for halves, or whose
 * weight would be no smaller in 8 bits because of its scales, or that several nodes read. In 8 bits
 * instead of 4 stay the first and the last layer, which cost most, and layers of few weights an
 * output, such as depthwise convolutions, which bring little.
 */
public final class StoredWeights {
  /** Largest number of half precision. */
  private static final float MOST = 65_504;

  /** Of four bytes a weight, what a scale and its zero point take in a TFLite file. */
  private static final int BYTES_OF_SCALE = 12;

  /** Weights an output, below which 4 bits bring little. */
  private static final int FEWEST_IN_NIBBLES = 64;

  private final Graph graph;
  private final WeightStorage storage;

  /** By name, how integers lie; of halves without meaning, but for binary layers. */
  private final Map<String, QuantizedWeights.Form> stored;

  private StoredWeights(
      Graph graph, WeightStorage storage, Map<String, QuantizedWeights.Form> stored) {
    this.graph = graph;
    this.storage = storage;
    this.stored = stored;
  }

  /**
   * @param graph as it is written
   * @param storage in one that does not round, no weight is
   */
  public static StoredWeights of(Graph graph, WeightStorage storage) {
    Map<String, QuantizedWeights.Form> stored = new LinkedHashMap<>();
    if (!storage.isRounded()) {
      return new StoredWeights(graph, storage, stored);
    }
    Map<String, Integer> readers = new HashMap<>();
    graph.nodes().stream()
        .flatMap(node -> node.inputs().stream())
        .forEach(input -> readers.merge(input, 1, Integer::sum));
    List<Node> layers = graph.nodes().stream().filter(node -> node.operation().weighs()).toList();
    for (int i = 0; i < layers.size(); i++) {
      Node node = layers.get(i);
      int end = storage == WeightStorage.HALF ? node.inputs().size() : 2;
      List<String> parameters = node.inputs().subList(1, end);
      if (parameters.stream()
          .allMatch(name -> readers.get(name) == 1 && pays(graph.parameter(name), storage))) {
        boolean inside = i > 0 && i < layers.size() - 1;
        parameters.forEach(name -> stored.put(name, QuantizedWeights.Form.PER_CHANNEL));
        stored.put(
            parameters.get(0), form(node, graph.parameter(parameters.get(0)), storage, inside));
      }
    }
    return new StoredWeights(graph, storage, stored);
  }

  private static QuantizedWeights.Form form(
      Node node, Tensor weight, WeightStorage storage, boolean inside) {
    if (isBinary(node)) {
      return QuantizedWeights.Form.SIGNS;
    }
    boolean many = weight.size() / weight.shape().dimension(0) >= FEWEST_IN_NIBBLES;
    boolean inPairs = weight.size() % 2 == 0;
    return storage == WeightStorage.NIBBLES && inside && many && inPairs
        ? QuantizedWeights.Form.NIBBLES
        : QuantizedWeights.Form.PER_CHANNEL;
  }

  /** Whether a node is a convolution of one bit a weight. */
  public static boolean isBinary(Node node) {
    return node.operation() instanceof Operation.Conv2d conv
        && conv.precision() == Precision.BINARY;
  }

  private static boolean pays(Tensor parameter, WeightStorage storage) {
    if (storage != WeightStorage.HALF) {
      int outputs = parameter.shape().dimension(0);
      return parameter.size() + outputs * BYTES_OF_SCALE < parameter.size() * Float.BYTES;
    }
    for (float value : parameter.values()) {
      if (!(Math.abs(value) <= MOST)) {
        return false;
      }
    }
    return true;
  }

  public WeightStorage storage() {
    return storage;
  }

  /** The names of the weights, and biases, that are stored so, in the order of their layers. */
  public Set<String> names() {
    return Collections.unmodifiableSet(stored.keySet());
  }

  public boolean holds(String weight) {
    return stored.containsKey(weight);
  }

  /**
   * Numbers of half precision, two bytes each, little-endian.
   *
   * @param weight in any layout
   */
  public static ByteBuffer halves(Tensor weight) {
    ByteBuffer halves =
        ByteBuffer.allocate(weight.size() * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : weight.values()) {
      halves.putShort(Fp16Conversions.floatToFp16(value));
    }
    return halves.flip();
  }

  /** A weight as integers: ±1 where its layer is binary, with α as scale of each output. */
  public QuantizedWeights integers(String weight) {
    Tensor exact = exact(weight);
    float[] noBias = new float[exact.shape().dimension(0)];
    return QuantizedWeights.of(exact, noBias, 1, stored.get(weight));
  }

  /** Whether the integers of a weight have 4 bits. */
  public boolean isInNibbles(String weight) {
    return stored.get(weight) == QuantizedWeights.Form.NIBBLES;
  }

  /** A weight or bias as its layer computes with it, before it is rounded. */
  public Tensor exact(String weight) {
    Tensor exact = graph.parameter(weight);
    return stored.get(weight) == QuantizedWeights.Form.SIGNS ? BinaryWeights.project(exact) : exact;
  }

  /** The graph with the weights that the file's floats are made of: the oracle of such files. */
  public Graph computed() {
    Map<String, Tensor> rounded = new LinkedHashMap<>();
    stored.keySet().forEach(weight -> rounded.put(weight, computed(weight)));
    return graph.withParameters(rounded);
  }

  /** A weight or bias of these as the file's floats are made of it. */
  public Tensor computed(String weight) {
    Tensor exact = exact(weight);
    return exact.isSourced()
        ? Tensor.of(exact.shape(), () -> computed(weight, exact))
        : new Tensor(exact.shape(), computed(weight, exact));
  }

  private float[] computed(String weight, Tensor exact) {
    float[] values = new float[exact.size()];
    if (storage == WeightStorage.HALF) {
      ByteBuffer halves = halves(exact);
      for (int i = 0; i < values.length; i++) {
        values[i] = Fp16Conversions.fp16ToFloat(halves.getShort());
      }
    } else {
      QuantizedWeights bytes = integers(weight);
      int perOutput = values.length / bytes.scales().length;
      for (int i = 0; i < values.length; i++) {
        values[i] = bytes.values()[i] * bytes.scales()[i / perOutput];
      }
    }
    return values;
  }
}

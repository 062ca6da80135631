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
 * rounded to the nearest, halves to even), or in 8 bits, symmetric about zero, with a scale for
 * each output. A runtime makes floats of them, when it loads the file or, at the latest, when it
 * runs it, and computes as with any. So values are floats, no image is needed to write such a file,
 * and what it has to answer is known: what the graph of {@link #computed} answers.
 *
 * <p>Of half precision biases are stored likewise: XNNPACK wants both or none. Beside weights of 8
 * bits they stay floats. So do both of a layer with a number beyond ±65,504 for halves, or whose
 * weight would be no smaller in 8 bits because of its scales, or that several nodes read.
 */
public final class StoredWeights {
  /** Largest number of half precision. */
  private static final float MOST = 65_504;

  /** Of four bytes a weight, what a scale and its zero point take in a TFLite file. */
  private static final int BYTES_OF_SCALE = 12;

  private final Graph graph;
  private final WeightStorage storage;

  /** By name: whether its layer is binary, which it is not of biases. */
  private final Map<String, Boolean> stored;

  private StoredWeights(Graph graph, WeightStorage storage, Map<String, Boolean> stored) {
    this.graph = graph;
    this.storage = storage;
    this.stored = stored;
  }

  /**
   * @param graph as it is written
   * @param storage in another one than {@code HALF} and {@code BYTES}, no weight is rounded
   */
  public static StoredWeights of(Graph graph, WeightStorage storage) {
    Map<String, Boolean> stored = new LinkedHashMap<>();
    if (!storage.isRounded()) {
      return new StoredWeights(graph, storage, stored);
    }
    Map<String, Integer> readers = new HashMap<>();
    graph.nodes().stream()
        .flatMap(node -> node.inputs().stream())
        .forEach(input -> readers.merge(input, 1, Integer::sum));
    for (Node node : graph.nodes()) {
      if (node.operation().weighs()) {
        int end = storage == WeightStorage.HALF ? node.inputs().size() : 2;
        List<String> parameters = node.inputs().subList(1, end);
        if (parameters.stream()
            .allMatch(name -> readers.get(name) == 1 && pays(graph.parameter(name), storage))) {
          parameters.forEach(name -> stored.put(name, false));
          stored.put(parameters.get(0), isBinary(node));
        }
      }
    }
    return new StoredWeights(graph, storage, stored);
  }

  /** Whether a node is a convolution of one bit a weight. */
  public static boolean isBinary(Node node) {
    return node.operation() instanceof Operation.Conv2d conv
        && conv.precision() == Precision.BINARY;
  }

  private static boolean pays(Tensor parameter, WeightStorage storage) {
    if (storage == WeightStorage.BYTES) {
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

  /**
   * A weight in 8 bits.
   *
   * @param weight {@code (O, …)}
   * @param binary whether its values are ±α for each output, which then are ±1 with α as scale
   */
  public static QuantizedWeights bytes(Tensor weight, boolean binary) {
    float[] noBias = new float[weight.shape().dimension(0)];
    return QuantizedWeights.of(
        weight,
        noBias,
        1,
        binary ? QuantizedWeights.Form.SIGNS : QuantizedWeights.Form.PER_CHANNEL);
  }

  /** A weight or bias as its layer computes with it, before it is rounded. */
  public Tensor exact(String weight) {
    Tensor exact = graph.parameter(weight);
    return stored.get(weight) ? BinaryWeights.project(exact) : exact;
  }

  /** Whether its values are ±α for each output. */
  public boolean isBinary(String weight) {
    return stored.get(weight);
  }

  /** The graph with the weights that the file's floats are made of: the oracle of such files. */
  public Graph computed() {
    Map<String, Tensor> rounded = new LinkedHashMap<>();
    stored.keySet().forEach(weight -> rounded.put(weight, rounded(weight)));
    return graph.withParameters(rounded);
  }

  private Tensor rounded(String weight) {
    Tensor exact = exact(weight);
    float[] values = new float[exact.size()];
    if (storage == WeightStorage.HALF) {
      ByteBuffer halves = halves(exact);
      for (int i = 0; i < values.length; i++) {
        values[i] = Fp16Conversions.fp16ToFloat(halves.getShort());
      }
    } else {
      QuantizedWeights bytes = bytes(exact, isBinary(weight));
      int perOutput = values.length / bytes.scales().length;
      for (int i = 0; i < values.length; i++) {
        values[i] = bytes.values()[i] * bytes.scales()[i / perOutput];
      }
    }
    return new Tensor(exact.shape(), values);
  }
}

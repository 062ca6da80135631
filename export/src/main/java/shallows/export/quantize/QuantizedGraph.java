package shallows.export.quantize;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import shallows.export.pass.FusedActivations;
import shallows.export.pass.ToConvolutions;
import shallows.model.graph.BinaryWeights;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Tensor;

/**
 * A graph together with the quantization of its values. Whatever writes or simulates it rounds at
 * the same places: the image, and each node's value, except that before a Relu which is fused.
 *
 * <p>Some nodes may compute in floats all the same, with the weights as they are: what they read is
 * floats, made of integers where a value is rounded, and their own value is rounded behind them,
 * unless all its readers compute in floats too. The image and the output are rounded in any case. A
 * node without weights that reads and writes rounded values alone stays with integers: floats would
 * bring nothing, and ONNX Runtime cannot tell it from one of integers.
 */
public final class QuantizedGraph {
  private final Graph graph;
  private final Map<String, Quantization> values;
  private final Set<String> floats;
  private final Set<String> unrounded;
  private final Set<String> computing;

  /** Of the weights of layers whose scales do not follow from them, by the name of the weight. */
  private final Map<String, float[]> scales;

  private final WeightScales weightScales;

  private QuantizedGraph(
      Graph graph,
      Map<String, Quantization> values,
      Set<String> floats,
      Map<String, float[]> scales,
      WeightScales weightScales) {
    this.graph = graph;
    this.values = values;
    this.floats = floats;
    this.scales = scales;
    this.weightScales = weightScales;
    this.unrounded = unrounded(graph, withActivations(graph, floats));
    this.computing = computing();
  }

  /**
   * @param folded after the export passes
   * @param values one for each of {@link #rounded} of what {@link ToConvolutions} makes of it
   * @throws IllegalArgumentException when there are others
   */
  public static QuantizedGraph of(Graph folded, Map<String, Quantization> values) {
    return of(folded, values, Map.of());
  }

  /**
   * @param corrections what is added to the bias of layers, by their names, in units of what they
   *     compute
   * @throws IllegalArgumentException likewise, or when there are no such layers
   */
  public static QuantizedGraph of(
      Graph folded, Map<String, Quantization> values, Map<String, float[]> corrections) {
    return of(folded, values, corrections, Set.of());
  }

  /**
   * @param floats nodes that compute in floats, by name; an activation that is fused goes with them
   * @throws IllegalArgumentException likewise, or when there are no such nodes
   */
  public static QuantizedGraph of(
      Graph folded,
      Map<String, Quantization> values,
      Map<String, float[]> corrections,
      Set<String> floats) {
    Graph graph = CorrectedBiases.of(ToConvolutions.apply(folded), corrections);
    Set<String> expected = rounded(graph).keySet();
    if (!expected.equals(values.keySet())) {
      throw new IllegalArgumentException(
          graph.name() + " has other values than those that are quantized");
    }
    return new QuantizedGraph(
            graph, Map.copyOf(values), Set.of(), Map.of(), WeightScales.PER_CHANNEL)
        .withFloats(floats);
  }

  /**
   * The same with other nodes that compute in floats.
   *
   * @throws IllegalArgumentException when there are no such nodes
   */
  public QuantizedGraph withFloats(Set<String> nodes) {
    nodes.stream()
        .filter(name -> !graph.hasNode(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(graph.name() + " has no layer '" + name + "'");
            });
    return new QuantizedGraph(graph, values, Set.copyOf(nodes), scales, weightScales);
  }

  /**
   * The same with scales of weights that do not follow from the largest.
   *
   * @param layers one for each output, by the name of the layer
   */
  QuantizedGraph withWeightScales(Map<String, float[]> layers) {
    Map<String, float[]> byWeight = new HashMap<>(scales);
    layers.forEach((layer, each) -> byWeight.put(graph.node(layer).inputs().get(1), each));
    return new QuantizedGraph(graph, values, floats, Map.copyOf(byWeight), weightScales);
  }

  /**
   * The same with as many scales of a weight. With one for the whole tensor, binary weights are
   * bytes like all others: ±1 would need one for each output.
   */
  public QuantizedGraph with(WeightScales other) {
    return new QuantizedGraph(graph, values, floats, scales, other);
  }

  /** The same, whose graph says something of itself. */
  public QuantizedGraph withMetadata(String key, String value) {
    return new QuantizedGraph(graph.withMetadata(key, value), values, floats, scales, weightScales);
  }

  /** How many scales a weight has. */
  public WeightScales weightScales() {
    return weightScales;
  }

  private static Set<String> withActivations(Graph graph, Set<String> floats) {
    Set<String> all = new HashSet<>(floats);
    FusedActivations.of(graph)
        .forEach(
            (node, activation) -> {
              if (floats.contains(node)) {
                all.add(activation.name());
              }
            });
    return all;
  }

  private static Set<String> unrounded(Graph graph, Set<String> floats) {
    Set<String> unrounded = new HashSet<>(floats);
    unrounded.remove(graph.output());
    for (Node node : graph.nodes()) {
      if (!floats.contains(node.name())) {
        unrounded.removeAll(node.inputs());
      }
    }
    return unrounded;
  }

  /**
   * Each node that has an operator of its own: those that may compute in floats, in their order.
   */
  public List<Node> operators() {
    Set<Node> activations = new HashSet<>(FusedActivations.of(graph).values());
    return graph.nodes().stream().filter(node -> !activations.contains(node)).toList();
  }

  /** Whether a node computes in floats. */
  public boolean isFloat(Node node) {
    return computing.contains(node.name());
  }

  private Set<String> computing() {
    Map<String, Node> fused = FusedActivations.of(graph);
    Set<String> computing = new HashSet<>();
    for (String name : floats) {
      Node node = graph.node(name);
      if (node.operation().weighs()
          || unrounded.contains(fused.getOrDefault(name, node).name())
          || node.inputs().stream().anyMatch(unrounded::contains)) {
        computing.add(name);
      }
    }
    return computing;
  }

  /**
   * The values that are rounded, by name, each with the node that computes it, null for the image.
   */
  public static Map<String, Node> rounded(Graph graph) {
    Map<String, Node> fused = FusedActivations.of(graph);
    Map<String, Node> rounded = new LinkedHashMap<>();
    rounded.put(graph.input().name(), null);
    for (Node node : graph.nodes()) {
      if (!fused.containsKey(node.name())) {
        rounded.put(node.name(), node);
      }
    }
    return rounded;
  }

  /** Convolutions, sums, pools and linear layers, with the weights as floats. */
  public Graph graph() {
    return graph;
  }

  public boolean isRounded(String value) {
    return values.containsKey(value) && !unrounded.contains(value);
  }

  /**
   * @throws IllegalArgumentException when the value has none, as it is never rounded
   */
  public Quantization quantization(String value) {
    Quantization quantization = values.get(value);
    if (quantization == null) {
      throw new IllegalArgumentException("'" + value + "' of " + graph.name() + " is not rounded");
    }
    return quantization;
  }

  /** By name. */
  public Map<String, Quantization> quantizations() {
    return new TreeMap<>(values);
  }

  /** What the smallest change of an output is. */
  public float outputStep() {
    return quantization(graph.output()).scale();
  }

  /**
   * The integers of a convolution, as many scales as were asked for and ±1 where it is binary, or
   * of a linear layer, one scale: the fully connected operator of older TFLite runtimes knows no
   * more.
   */
  public QuantizedWeights weights(Node node) {
    return weights(
        node.inputs().get(1),
        graph.parameter(node.inputs().get(1)),
        graph.parameter(node.inputs().get(2)).values(),
        node.inputs().get(0),
        form(node));
  }

  /**
   * The integers of a layer that may be no node.
   *
   * @param name of the weight
   * @param weight {@code (O, …)}
   * @param bias (O)
   * @param input the value that it reads
   * @param form where nothing else is known of the weight's scales
   */
  public QuantizedWeights weights(
      String name, Tensor weight, float[] bias, String input, QuantizedWeights.Form form) {
    float inputScale = quantization(input).scale();
    float[] known = scales.get(name);
    if (known != null) {
      return QuantizedWeights.of(weight, bias, inputScale, form, known);
    }
    Tensor computed =
        form == QuantizedWeights.Form.SIGNS && form(form) != form
            ? BinaryWeights.project(weight)
            : weight;
    return QuantizedWeights.of(computed, bias, inputScale, form(form));
  }

  /**
   * The same rounding for whoever trains {@link #graph} so that it gets used to it. The weights'
   * scales are not part of it: they follow from the weights.
   */
  public FakeQuantization fakeQuantization() {
    Map<String, FakeQuantization.Levels> levels = new HashMap<>();
    values.keySet().stream()
        .filter(this::isRounded)
        .forEach(name -> levels.put(name, values.get(name).levels()));
    Map<String, FakeQuantization.Layer> layers = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (node.operation().weighs() && !isFloat(node)) {
        float inputScale = quantization(node.inputs().get(0)).scale();
        layers.put(node.name(), form(form(node)).layer(inputScale));
      }
    }
    return new FakeQuantization(levels, layers);
  }

  /** What becomes of a form with as many scales as were asked for. */
  private QuantizedWeights.Form form(QuantizedWeights.Form form) {
    return weightScales == WeightScales.PER_TENSOR ? QuantizedWeights.Form.ONE_SCALE : form;
  }

  private static QuantizedWeights.Form form(Node node) {
    if (node.operation() instanceof Operation.Conv2d conv) {
      return conv.precision() == Precision.BINARY
          ? QuantizedWeights.Form.SIGNS
          : QuantizedWeights.Form.PER_CHANNEL;
    }
    return QuantizedWeights.Form.ONE_SCALE;
  }
}

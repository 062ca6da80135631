package shallows.export.quantize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import shallows.export.pass.FusedActivations;
import shallows.export.pass.ToConvolutions;
import shallows.model.graph.Extent;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.read.StoredIntegers;

/**
 * The integers of a file that is quantized already, as files of ours have them.
 *
 * <ol>
 *   <li>Values keep scale and zero point; what the file only moves has those of what it reads.
 *   <li>Weights keep their integers, but −128 becomes −127: kernels multiply no more than 15 bits.
 *   <li>A layer whose weights are floats in the file, and each node around a value that the file
 *       does not round, computes in floats.
 *   <li>An operator that does not rescale, such as a pool, but has other steps in front than behind
 *       in the file, gets a convolution by ones before it that rescales.
 *   <li>A matrix with a scale for each output becomes a 1x1 convolution.
 *   <li>Refused: weights with zero points, values of 16 bits, an image or an output of floats.
 * </ol>
 */
public final class KeptIntegers {
  private static final int BYTE = 255;

  private final StoredIntegers stored;
  private final Graph graph;
  private final Map<String, Node> fused;
  private final Map<String, Quantization> values = new HashMap<>();
  private final Set<String> floats = new HashSet<>();
  private final Map<String, float[]> scales = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> parameters;
  private int changed;

  private KeptIntegers(Graph network, StoredIntegers stored) {
    this.stored = stored;
    this.graph = ToConvolutions.apply(network);
    this.fused = FusedActivations.of(graph);
    this.parameters = new LinkedHashMap<>(graph.parameters());
  }

  /**
   * What a file holds again.
   *
   * @param graph with the integers of the file
   * @param layers how many compute with them
   * @param inFloats how many compute in floats, as in the file or as their integers cannot be kept
   * @param changed weights of −128
   */
  public record Kept(QuantizedGraph graph, int layers, int inFloats, int changed) {}

  /**
   * @param network as it was read, its output a vector
   * @throws IllegalArgumentException saying what cannot be kept
   */
  public static Kept of(Graph network, StoredIntegers stored) {
    return new KeptIntegers(network, stored).kept();
  }

  private Kept kept() {
    QuantizedGraph.rounded(graph).forEach(this::round);
    require(values.containsKey(graph.input().name()), "the image is of floats");
    require(values.containsKey(graph.output()), "the output '" + graph.output() + "' is of floats");
    graph.nodes().stream().filter(this::isFloat).map(Node::name).forEach(floats::add);
    graph.nodes().forEach(this::rewrite);
    require(!scales.isEmpty(), "no layer has both weights and values of 8 bits");
    int inFloats =
        (int)
            graph.nodes().stream()
                .filter(node -> node.operation().weighs() && floats.contains(node.name()))
                .count();
    int layers =
        (int) graph.nodes().stream().filter(node -> node.operation().weighs()).count() - inFloats;
    Graph rewritten = graph.with(nodes, graph.output(), parameters, List.of());
    Map<String, Quantization> all = new HashMap<>();
    for (String value : QuantizedGraph.rounded(rewritten).keySet()) {
      // Of what stays floats any will do.
      all.put(value, values.getOrDefault(value, new Quantization(1, 0)));
    }
    return new Kept(
        QuantizedGraph.of(rewritten, all, Map.of(), floats)
            .withWeightScales(scales)
            .with(
                scales.values().stream().allMatch(KeptIntegers::isOne)
                    ? WeightScales.PER_TENSOR
                    : WeightScales.PER_CHANNEL),
        layers,
        inFloats,
        changed);
  }

  private static void require(boolean holds, String found) {
    if (!holds) {
      throw new IllegalArgumentException(found);
    }
  }

  private void round(String value, Node node) {
    FakeQuantization.Levels levels = stored.values().get(value);
    if (levels != null) {
      require(
          levels.highest() - levels.lowest() == BYTE, "value '" + value + "' has more than 8 bits");
      values.put(value, new Quantization(levels.scale(), -levels.lowest()));
    } else if (node != null && node.operation().moves() && node.inputs().size() == 1) {
      Optional.ofNullable(values.get(node.inputs().get(0)))
          .ifPresent(steps -> values.put(value, steps));
    }
  }

  /** The value that the operator of a node writes. */
  private String written(Node node) {
    return fused.getOrDefault(node.name(), node).name();
  }

  private boolean isFloat(Node node) {
    boolean isFused = fused.containsValue(node);
    boolean reads =
        isFused
            || node.inputs().stream()
                .allMatch(input -> parameters.containsKey(input) || values.containsKey(input));
    if (!reads || !values.containsKey(written(node))) {
      return true;
    }
    if (!node.operation().weighs()) {
      return false;
    }
    StoredIntegers.Weights weights = stored.weights().get(node.name());
    require(
        weights == null || weights.symmetric(),
        "the weights of '" + node.name() + "' have zero points");
    return weights == null;
  }

  private void rewrite(Node node) {
    if (floats.contains(node.name()) || fused.containsValue(node)) {
      nodes.add(node);
    } else if (node.operation().weighs()) {
      layer(node);
    } else if (node.operation().moves() || node.operation() instanceof Operation.AveragePool) {
      Quantization steps = values.get(written(node));
      List<String> inputs = new ArrayList<>(node.inputs());
      inputs.replaceAll(
          input ->
              parameters.containsKey(input) || values.get(input).equals(steps)
                  ? input
                  : rescaled(input, steps, node));
      nodes.add(node.withInputs(inputs));
    } else {
      nodes.add(node);
    }
  }

  private void layer(Node node) {
    Tensor weight = graph.parameter(node.inputs().get(1));
    int outputs = weight.shape().dimension(0);
    float[] each = stored.weights().get(node.name()).each(outputs);
    count(node, weight, each);
    if (node.operation() instanceof Operation.Conv2d || isOne(each)) {
      nodes.add(node);
      scales.put(node.name(), each);
      return;
    }
    String image = node.name() + "/image";
    String convolved = node.name() + "/convolved";
    parameters.put(
        node.inputs().get(1),
        new Tensor(Shape.of(outputs, weight.shape().dimension(1), 1, 1), weight.values()));
    nodes.add(new Node(image, new Operation.Unflatten(), List.of(node.inputs().get(0))));
    nodes.add(
        new Node(
            convolved, pointwise(1), List.of(image, node.inputs().get(1), node.inputs().get(2))));
    nodes.add(new Node(node.name(), new Operation.Flatten(), List.of(convolved)));
    values.put(image, values.get(node.inputs().get(0)));
    values.put(convolved, values.get(written(node)));
    values.put(node.name(), values.get(written(node)));
    scales.put(convolved, each);
  }

  private static boolean isOne(float[] each) {
    return IntStream.range(1, each.length).allMatch(o -> each[o] == each[0]);
  }

  private void count(Node node, Tensor weight, float[] each) {
    double inputScale = values.get(node.inputs().get(0)).scale();
    float[] bias = graph.parameter(node.inputs().get(2)).values();
    for (int o = 0; o < each.length; o++) {
      require(
          Math.abs(bias[o]) <= inputScale * each[o] * FakeQuantization.LARGEST_BIAS,
          "the bias of '" + node.name() + "' is beyond 2^30 of its steps");
    }
    int perOutput = weight.size() / each.length;
    for (int i = 0; i < weight.size(); i++) {
      if (Math.rint(weight.values()[i] / (double) each[i / perOutput]) < -Byte.MAX_VALUE) {
        changed++;
      }
    }
  }

  /** The same value in other steps, by a convolution of ones. */
  private String rescaled(String value, Quantization steps, Node reader) {
    Shape shape = value.equals(graph.input().name()) ? graph.input().shape() : graph.shape(value);
    require(
        shape.rank() == 3,
        "'" + reader.name() + "' rescales a vector, for which there is no kernel");
    int channels = shape.dimension(0);
    String name = reader.name() + "/rescaled/" + value;
    if (scales.containsKey(name)) {
      // It reads the value twice.
      return name;
    }
    float[] ones = new float[channels];
    Arrays.fill(ones, 1);
    parameters.put(name + "/ones", new Tensor(Shape.of(channels, 1, 1, 1), ones));
    parameters.put(name + "/zeros", Tensor.vector(new float[channels]));
    nodes.add(new Node(name, pointwise(channels), List.of(value, name + "/ones", name + "/zeros")));
    values.put(name, steps);
    scales.put(name, ones);
    return name;
  }

  private static Operation pointwise(int groups) {
    return new Operation.Conv2d(Extent.ONE, Extent.ZERO, Extent.ONE, groups, Precision.FLOAT);
  }
}

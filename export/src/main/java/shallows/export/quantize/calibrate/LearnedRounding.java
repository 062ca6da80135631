package shallows.export.quantize.calibrate;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.data.PixelOrder;
import shallows.data.evaluation.Predictions;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.QuantizedWeights;
import shallows.export.quantize.StoredWeights;
import shallows.export.quantize.WeightStorage;
import shallows.model.graph.Graph;
import shallows.model.graph.Liveness;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;
import shallows.model.onnx.write.OnnxWriter;

/**
 * Rounds weights not to the nearest but so that the outputs of their layer stay what they are,
 * layer by layer from the input on (Nagel et al. 2020, "Up or Down? Adaptive Rounding for
 * Post-Training Quantization"). With p what an output of the layer is a sum of in the network of
 * floats, r the same behind the layers that were rounded already, w its weights, s its scale, its
 * integers q minimize
 *
 * <pre>  E[(w·p − s·q·r)²] + λ·|w − s·q|²</pre>
 *
 * with p and r less their means; what these shift the output by goes to the bias. The paper relaxes
 * this quadratic problem of whole numbers and descends by gradients; here a step up or down of one
 * weight is taken as long as one lowers it, which is exact, has no step size or annealing, and
 * costs a row of a matrix.
 *
 * <ol>
 *   <li>The largest weight of an output stays, as its scale follows from it.
 *   <li>Layers of more than {@value #LARGEST_PATCH} weights an output are rounded to the nearest,
 *       as the moments would take hours and gigabytes; so are those without a bias of their own.
 *   <li>What comes of it is taken only where held-out images are answered more as by the floats.
 * </ol>
 */
public final class LearnedRounding {
  private static final int LARGEST_PATCH = 1152;

  /** λ, as a share of the mean second moment. */
  private static final double STAY = 0.01;

  /** Of both networks, all images together. */
  private static final long LARGEST_VALUES = 64L << 20;

  /** What can be learned of a layer. */
  public enum Part {
    /** Which way each weight is rounded. */
    ROUNDING,
    /** What the bias makes good of what rounding shifts an output by in the mean. */
    SHIFT
  }

  private final Graph graph;
  private final FileRounding file;
  private final LabelledImages images;
  private final Set<Part> parts;
  private final Map<String, float[][]> exact = new HashMap<>();

  /** Those that differ from the exact ones. */
  private final Map<String, float[][]> rounded = new HashMap<>();

  private final Map<String, Tensor> learned = new LinkedHashMap<>();

  private LearnedRounding(Graph graph, FileRounding file, LabelledImages images, Set<Part> parts) {
    this.graph = graph;
    this.file = file;
    this.images = images.evenly(mostImages(graph));
    this.parts = parts;
  }

  /**
   * Of weights of 4 bits.
   *
   * @param folded after the export passes
   * @return the graph with weights that {@link StoredWeights} rounds to themselves in 4 bits; empty
   *     where rounding to the nearest answers held-out images as well
   */
  public static Optional<Graph> of(Graph folded, CalibrationImages images) {
    Graph learned = anyway(folded, images.ranges(), EnumSet.allOf(Part.class));
    HeldOutAnswers asked = new HeldOutAnswers(folded, images.choice());
    Predictions exact = asked.of(OnnxWriter.bytes(folded));
    return divergence(asked, learned, exact) < divergence(asked, folded, exact)
        ? Optional.of(learned)
        : Optional.empty();
  }

  /** The same, whatever it is good for, or a part of it. */
  public static Graph anyway(Graph folded, LabelledImages images, Set<Part> parts) {
    StoredWeights nearest = StoredWeights.of(folded, WeightStorage.NIBBLES);
    return new LearnedRounding(folded, new FileRounding.Nibbles(nearest), images, parts).run();
  }

  /**
   * Of weights and values of 8 bits.
   *
   * @param nearest without layers of floats
   * @return {@link QuantizedGraph#graph} with weights of which those integers are the nearest
   */
  static Graph of(QuantizedGraph nearest, LabelledImages images) {
    return new LearnedRounding(
            nearest.graph(), new FileRounding.Bytes(nearest), images, EnumSet.allOf(Part.class))
        .run();
  }

  private static double divergence(HeldOutAnswers asked, Graph graph, Predictions exact) {
    Graph computed = StoredWeights.of(graph, WeightStorage.NIBBLES).computed();
    return asked.of(OnnxWriter.bytes(computed)).klDivergence(exact);
  }

  private static int mostImages(Graph graph) {
    long most = 1;
    for (Node node : graph.nodes()) {
      most = Math.max(most, graph.shape(node.name()).size());
    }
    // An input, an output and a shortcut, in both networks.
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, LARGEST_VALUES / (6 * most)));
  }

  private Graph run() {
    float[][] entering = new float[images.size()][];
    Arrays.setAll(
        entering,
        i ->
            PixelOrder.channelsFirst(
                images.normalized(i, i + 1, graph.task().normalization()), 1, images.channels()));
    String image = graph.input().name();
    exact.put(image, entering);
    if (file.rounds(image)) {
      rounded.put(image, file.rounded(image, entering));
    }
    Map<String, List<String>> released = Liveness.releasedBehind(graph);
    Set<String> left = new HashSet<>();
    graph.nodes().stream().filter(this::isLearned).map(Node::name).forEach(left::add);
    for (Node node : graph.nodes()) {
      if (left.isEmpty()) {
        break;
      }
      if (isLearned(node)) {
        learn(node);
        left.remove(node.name());
      }
      List<Tensor> parameters = parameters(node, Map.of());
      exact.put(node.name(), computed(node, parameters, exact));
      List<Tensor> other = parameters(node, stored(node));
      if (!other.equals(parameters)
          || file.rounds(node.name())
          || node.inputs().stream().anyMatch(rounded::containsKey)) {
        Map<String, float[][]> values = new HashMap<>(exact);
        values.putAll(rounded);
        rounded.put(node.name(), file.rounded(node.name(), computed(node, other, values)));
      }
      for (String value : released.getOrDefault(node.name(), List.of())) {
        exact.remove(value);
        rounded.remove(value);
      }
    }
    return graph.withParameters(learned);
  }

  private boolean isLearned(Node node) {
    // Without a bias of its own there is nowhere to put what the outputs are shifted by.
    if (!(node.operation() instanceof Operation.Conv2d)
        || node.inputs().size() < 3
        || readers(node.inputs().get(2)) > 1) {
      return false;
    }
    Tensor weight = graph.parameter(node.inputs().get(1));
    return weight.size() / weight.shape().dimension(0) <= LARGEST_PATCH
        && file.learnable(node).isPresent();
  }

  private long readers(String parameter) {
    return graph.nodes().stream()
        .flatMap(node -> node.inputs().stream())
        .filter(parameter::equals)
        .count();
  }

  /** The weights of a layer that the file computes with, and the biases that were shifted. */
  private Map<String, Tensor> stored(Node node) {
    Map<String, Tensor> stored = new HashMap<>(learned);
    if (node.operation().weighs() && !learned.containsKey(node.inputs().get(1))) {
      file.weight(node).ifPresent(weight -> stored.put(node.inputs().get(1), weight));
    }
    return stored;
  }

  private List<Tensor> parameters(Node node, Map<String, Tensor> others) {
    return node.inputs().stream()
        .filter(input -> graph.parameters().containsKey(input))
        .map(input -> others.getOrDefault(input, graph.parameter(input)))
        .toList();
  }

  private float[][] computed(Node node, List<Tensor> parameters, Map<String, float[][]> values) {
    if (node.operation() instanceof Operation.Conv2d conv && !StoredWeights.isBinary(node)) {
      float[][] read = values.get(node.inputs().get(0));
      return new LayerRun(graph, node, parameters)
          .on(images.size(), (from, n) -> joined(read, from, n));
    }
    Shape result = graph.shape(node.name()).withBatch(1);
    return IntStream.range(0, images.size())
        .parallel()
        .mapToObj(
            image -> {
              Tensor[] read = new Tensor[node.inputs().size()];
              int parameter = 0;
              for (int i = 0; i < read.length; i++) {
                String input = node.inputs().get(i);
                read[i] =
                    graph.parameters().containsKey(input)
                        ? parameters.get(parameter++)
                        : new Tensor(shape(input).withBatch(1), values.get(input)[image]);
              }
              return Interpreter.value(node.operation(), result, read).values();
            })
        .toArray(float[][]::new);
  }

  private static float[] joined(float[][] values, int from, int count) {
    int size = values[from].length;
    float[] joined = new float[count * size];
    for (int i = 0; i < count; i++) {
      System.arraycopy(values[from + i], 0, joined, i * size, size);
    }
    return joined;
  }

  private Shape shape(String value) {
    return value.equals(graph.input().name()) ? graph.input().shape() : graph.shape(value);
  }

  private void learn(Node node) {
    Operation.Conv2d conv = (Operation.Conv2d) node.operation();
    String name = node.inputs().get(1);
    Tensor weight = graph.parameter(name);
    QuantizedWeights integers = file.learnable(node).orElseThrow();
    int outputs = weight.shape().dimension(0);
    int size = weight.size() / outputs;
    float[] values = new float[weight.size()];
    float[] moved = graph.parameter(node.inputs().get(2)).values().clone();
    String input = node.inputs().get(0);
    int perGroup = outputs / conv.groups();
    for (int group = 0; group < conv.groups(); group++) {
      PatchMoments moments =
          PatchMoments.of(
              conv,
              shape(input),
              graph.shape(node.name()),
              weight.shape(),
              group,
              exact.get(input),
              rounded.getOrDefault(input, exact.get(input)));
      double stay = 0;
      for (int i = 0; i < size; i++) {
        stay += STAY * moments.own()[i][i] / size;
      }
      for (int i = 0; i < size; i++) {
        moments.own()[i][i] += stay;
      }
      double ridge = stay;
      IntStream.range(group * perGroup, (group + 1) * perGroup)
          .parallel()
          .forEach(
              o -> {
                float[] row = Arrays.copyOfRange(weight.values(), o * size, (o + 1) * size);
                byte[] q = Arrays.copyOfRange(integers.values(), o * size, (o + 1) * size);
                float scale = integers.scales()[o];
                if (parts.contains(Part.ROUNDING)) {
                  RoundingDescent.descend(moments, row, ridge, q, scale, file.largest());
                }
                double shift = 0;
                for (int i = 0; i < size; i++) {
                  values[o * size + i] = q[i] * scale;
                  shift += (double) row[i] * moments.exactMean()[i];
                  shift -= (double) q[i] * scale * moments.roundedMean()[i];
                }
                if (parts.contains(Part.SHIFT)) {
                  moved[o] += (float) shift;
                }
              });
    }
    learned.put(name, new Tensor(weight.shape(), values));
    learned.put(node.inputs().get(2), Tensor.vector(moved));
  }
}

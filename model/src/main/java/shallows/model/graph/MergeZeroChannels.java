package shallows.model.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Takes out the channels of zeros that dropped layers of a dense network leave, all but one, from
 * every layer that reads them.
 *
 * <p>Batch norm and an activation f make of a zero the same number at every position, r = f(β −
 * γ·μ/√(σ² + ε)). So what a convolution W computes of channels c of zeros, with zeros around as its
 * padding, is what it computes of one channel of them, normalized to m and weighed Σ W_c·r_c / m,
 * with m the largest |r_c|.
 *
 * <ol>
 *   <li>{@link Operation.PadChannels} behind a value that has a zero already goes; else it adds one
 *       channel.
 *   <li>Concatenations, pools, factors and ReLUs hand on what is left.
 *   <li>A convolution that reads the value itself loses the weights of what is gone.
 *   <li>Batch norm loses its numbers of them, and the convolution, or the fully connected layer
 *       behind the mean of each channel, that alone reads it, or alone reads its ReLU, clip to [0,
 *       h] or leaky ReLU, has the weights above.
 *   <li>Not applied where anything else reads the value, directly or behind what hands it on: sums,
 *       convolutions of groups, binary ones, an output.
 * </ol>
 */
public final class MergeZeroChannels {
  private final Graph graph;
  private final GraphEdit edit;
  private final Map<String, List<Node>> readers = new HashMap<>();
  private final Set<String> shrinks = new HashSet<>();

  /** Of each value with zeros that shrinks, by channel; channels of others are all kept. */
  private final Map<String, boolean[]> zeros = new HashMap<>();

  private final Map<String, boolean[]> kept = new HashMap<>();

  private MergeZeroChannels(Graph graph) {
    this.graph = graph;
    this.edit = new GraphEdit(graph);
    for (Node node : graph.nodes()) {
      for (String input : node.inputs()) {
        readers.computeIfAbsent(input, name -> new ArrayList<>()).add(node);
      }
    }
  }

  public static Graph apply(Graph graph) {
    boolean pads =
        graph.nodes().stream().anyMatch(n -> n.operation() instanceof Operation.PadChannels);
    return pads ? new MergeZeroChannels(graph).merged() : graph;
  }

  private Graph merged() {
    // Backwards, so that the readers of a value are known before it.
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      Node node = graph.nodes().get(i);
      List<Node> all = readers.getOrDefault(node.name(), List.of());
      if (handsOn(node.operation())
          && !node.name().equals(graph.output())
          && all.stream().allMatch(this::takes)) {
        shrinks.add(node.name());
      }
    }
    for (Node node : graph.nodes()) {
      if (shrinks.contains(node.name())) {
        shrink(node);
      } else if (kept.containsKey(node.inputs().get(0))) {
        absorb(node, kept.get(node.inputs().get(0)), zeros.get(node.inputs().get(0)));
      }
    }
    return edit.result();
  }

  private static boolean handsOn(Operation operation) {
    return operation instanceof Operation.PadChannels
        || operation instanceof Operation.Concat
        || operation instanceof Operation.MaxPool
        || operation instanceof Operation.AveragePool
        || operation instanceof Operation.Scale
        || operation instanceof Operation.Relu;
  }

  /** Whether a reader computes the same of fewer zeros. */
  private boolean takes(Node reader) {
    return shrinks.contains(reader.name())
        || isLayer(reader)
        || reader.operation() instanceof Operation.BatchNorm && layerBehind(reader).isPresent();
  }

  private static boolean isLayer(Node node) {
    return node.operation() instanceof Operation.Conv2d conv
        && conv.groups() == 1
        && conv.precision() == Precision.FLOAT;
  }

  /** The layer that alone reads a batch norm, behind an activation or not. */
  private Optional<Node> layerBehind(Node norm) {
    Optional<Node> next = soleReader(norm);
    if (next.isPresent() && isActivation(next.get().operation())) {
      next = soleReader(next.get());
    }
    if (next.isPresent() && isLayer(next.get())) {
      return next;
    }
    return next.filter(node -> node.operation() instanceof Operation.GlobalAveragePool)
        .flatMap(this::soleReader)
        .filter(node -> node.operation() instanceof Operation.Flatten)
        .flatMap(this::soleReader)
        .filter(node -> node.operation() instanceof Operation.Linear);
  }

  private Optional<Node> soleReader(Node node) {
    List<Node> all = readers.getOrDefault(node.name(), List.of());
    return all.size() == 1 && !node.name().equals(graph.output())
        ? Optional.of(all.get(0))
        : Optional.empty();
  }

  private static boolean isActivation(Operation operation) {
    return operation instanceof Operation.Relu
        || operation instanceof Operation.LeakyRelu
        || operation instanceof Operation.Clip clip && clip.low() == 0;
  }

  private void shrink(Node node) {
    boolean[] zero = new boolean[channels(node.name())];
    boolean[] keep = new boolean[zero.length];
    int at = node.operation() instanceof Operation.PadChannels pad ? pad.before() : 0;
    for (String input : node.inputs()) {
      int size = channels(input);
      boolean[] known = zeros.getOrDefault(input, new boolean[size]);
      System.arraycopy(known, 0, zero, at, size);
      System.arraycopy(keptOf(input), 0, keep, at, size);
      at += size;
    }
    if (node.operation() instanceof Operation.PadChannels pad) {
      int behind = zero.length - pad.after();
      for (int c = 0; c < zero.length; c++) {
        zero[c] |= c < pad.before() || c >= behind;
      }
      boolean one = IntStream.range(0, zero.length).anyMatch(c -> zero[c] && keep[c]);
      if (one || count(zero) == 0) {
        edit.bypass(node);
      } else {
        boolean first = pad.before() > 0;
        keep[first ? 0 : behind] = true;
        edit.replace(node.withOperation(new Operation.PadChannels(first ? 1 : 0, first ? 0 : 1)));
      }
    }
    if (count(zero) > 0) {
      zeros.put(node.name(), zero);
    }
    if (count(keep) < keep.length) {
      kept.put(node.name(), keep);
    }
  }

  private boolean[] keptOf(String value) {
    boolean[] all = new boolean[channels(value)];
    Arrays.fill(all, true);
    return kept.getOrDefault(value, all);
  }

  private int channels(String value) {
    return graph.shape(value).dimension(0);
  }

  private void absorb(Node node, boolean[] keep, boolean[] zero) {
    double[] numbers = new double[keep.length];
    Node layer = node;
    int first = -1;
    if (node.operation() instanceof Operation.BatchNorm) {
      layer = layerBehind(node).orElseThrow();
      first =
          IntStream.range(0, keep.length).filter(c -> keep[c] && zero[c]).findFirst().orElse(-1);
      double largest = first < 0 ? 0 : numbers(node, zero, numbers);
      normalize(node, keep, first, largest);
      for (int c = 0; c < numbers.length; c++) {
        numbers[c] = largest == 0 ? 0 : numbers[c] / largest;
      }
    }
    weigh(layer, keep, first, numbers);
  }

  /**
   * What batch norm and activation make of each zero.
   *
   * @param numbers get them
   * @return the largest of their absolute values
   */
  private double numbers(Node norm, boolean[] zero, double[] numbers) {
    ChannelAffine affine = ChannelAffine.of(norm, edit::parameter);
    Operation next = soleReader(norm).orElseThrow().operation();
    double largest = 0;
    for (int c = 0; c < zero.length; c++) {
      if (zero[c]) {
        numbers[c] = activated(next, affine.offset(c));
        largest = Math.max(largest, Math.abs(numbers[c]));
      }
    }
    return largest;
  }

  private static double activated(Operation operation, double x) {
    if (operation instanceof Operation.Relu) {
      return Math.max(x, 0);
    }
    if (operation instanceof Operation.Clip clip) {
      return Math.min(Math.max(x, 0), clip.high());
    }
    return operation instanceof Operation.LeakyRelu leaky && x < 0 ? leaky.slope() * x : x;
  }

  /** Batch norm of what is left; the zero becomes {@code largest}, which activations let pass. */
  private void normalize(Node norm, boolean[] keep, int first, double largest) {
    List<String> inputs = new ArrayList<>(norm.inputs().subList(0, 1));
    float[] ofZero = {1, (float) largest, 0, 1};
    for (int i = 0; i < ofZero.length; i++) {
      String name = norm.inputs().get(i + 1);
      float[] values = edit.parameter(name).values().clone();
      if (first >= 0) {
        values[first] = ofZero[i];
      }
      float[] left = new float[count(keep)];
      int at = 0;
      for (int c = 0; c < keep.length; c++) {
        if (keep[c]) {
          left[at++] = values[c];
        }
      }
      inputs.add(edit.changed(name, Tensor.vector(left)));
    }
    edit.replace(norm.withInputs(inputs));
  }

  /**
   * Weights of the channels that are left, that of the zero being the sum over all zeros.
   *
   * @param numbers by channel, 0 of those that are no zeros
   */
  private void weigh(Node layer, boolean[] keep, int first, double[] numbers) {
    Tensor weight = edit.parameter(layer.inputs().get(1));
    int outputs = weight.shape().dimension(0);
    int area = weight.size() / outputs / keep.length;
    int count = count(keep);
    float[] left = new float[outputs * count * area];
    for (int o = 0; o < outputs; o++) {
      int at = o * count * area;
      for (int c = 0; c < keep.length; c++) {
        for (int k = 0; keep[c] && k < area; k++) {
          double sum = 0;
          for (int z = 0; c == first && z < keep.length; z++) {
            sum += numbers[z] * weight.values()[(o * keep.length + z) * area + k];
          }
          left[at++] = c == first ? (float) sum : weight.values()[(o * keep.length + c) * area + k];
        }
      }
    }
    List<Integer> extents = new ArrayList<>(weight.shape().dimensions());
    extents.set(1, count);
    List<String> inputs = new ArrayList<>(layer.inputs());
    inputs.set(1, edit.changed(inputs.get(1), new Tensor(new Shape(extents), left)));
    edit.replace(layer.withInputs(inputs));
  }

  private static int count(boolean[] keep) {
    return (int) IntStream.range(0, keep.length).filter(c -> keep[c]).count();
  }
}

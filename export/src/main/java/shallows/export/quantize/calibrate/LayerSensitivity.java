package shallows.export.quantize.calibrate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import shallows.data.LabelledImages;
import shallows.data.PixelOrder;
import shallows.data.evaluation.Predictions;
import shallows.export.onnx.OnnxPart;
import shallows.export.onnx.QdqOnnxWriter;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.StoredWeights;
import shallows.export.runtime.OnnxActivations;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Shape;

/**
 * What 8 bits cost in each layer: the divergence of the network that has this one layer in
 * integers, with its weights, what it reads and what it writes, and all others in floats. So a
 * value that 8 bits are bad for shows in the layer that writes it and in those that read it.
 *
 * <p>Up to the first node that reads what the layer reads, all these networks are the same. So what
 * they have in common is computed once, step by step, and each leaves it there: of L layers that is
 * half of L networks and one more. Of that trunk only those values are kept that the rest still
 * reads.
 */
final class LayerSensitivity {
  /** A session takes longer to open than a small batch to run. */
  private static final int BATCH = 8;

  private static final int THREADS = 1;

  /** Numbers that are kept of the trunk, of all images together: 96 MB. */
  private static final long LARGEST = 24L << 20;

  private final QuantizedGraph plain;
  private final Graph graph;
  private final List<Node> layers;
  private final Set<String> all;
  private final byte[] trunk;

  /** Some images and the values of the trunk that are still read. */
  private record Part(int from, int count, Map<String, float[]> values) {}

  private LayerSensitivity(QuantizedGraph plain) {
    this.plain = plain;
    this.graph = plain.graph();
    this.layers = plain.operators().stream().filter(node -> !StoredWeights.isBinary(node)).toList();
    this.all = plain.operators().stream().map(Node::name).collect(Collectors.toSet());
    this.trunk = QdqOnnxWriter.bytes(plain.withFloats(all));
  }

  /**
   * @param plain with all layers in integers
   * @param images to ask
   * @param right what the network of floats answers to them
   * @return in the order of the layers; of what gives no numbers, the largest cost there is
   */
  static List<LayerCost> of(QuantizedGraph plain, LabelledImages images, Predictions right) {
    return new LayerSensitivity(plain).run(images, right);
  }

  private List<LayerCost> run(LabelledImages images, Predictions right) {
    float[][][] answers = new float[layers.size()][images.size()][];
    int atOnce = (int) Math.max(1, Math.min(images.size(), LARGEST / mostAlive()));
    for (int from = 0; from < images.size(); from += atOnce) {
      run(images, from, Math.min(images.size(), from + atOnce), answers);
    }
    List<LayerCost> costs = new ArrayList<>();
    for (int i = 0; i < answers.length; i++) {
      double divergence = new Predictions(answers[i]).klDivergence(right);
      costs.add(
          new LayerCost(
              layers.get(i).name(),
              Double.isFinite(divergence) ? Math.max(0, divergence) : Double.MAX_VALUE,
              false));
    }
    return costs;
  }

  private void run(LabelledImages images, int from, int to, float[][][] answers) {
    List<Part> parts = new ArrayList<>();
    for (int i = from; i < to; i += BATCH) {
      int count = Math.min(BATCH, to - i);
      float[] pixels = images.normalized(i, i + count, graph.task().normalization());
      Map<String, float[]> entering = new HashMap<>();
      entering.put(
          graph.input().name(), PixelOrder.channelsFirst(pixels, count, images.channels()));
      parts.add(new Part(i, count, entering));
    }
    Set<String> alive = Set.of(graph.input().name());
    List<Node> inOrder = new ArrayList<>(layers);
    inOrder.sort(Comparator.comparing(this::parting));
    for (Node layer : inOrder) {
      Set<String> next = alive(parting(layer));
      advance(parts, alive, next);
      alive = next;
      leave(parts, alive, layer, answers[layers.indexOf(layer)]);
    }
  }

  /** The place of the first node that reads what a layer reads: rounded there, for all of them. */
  private int parting(Node layer) {
    int place = 0;
    while (Collections.disjoint(values(graph.nodes().get(place)), values(layer))) {
      place++;
    }
    return place;
  }

  private Set<String> values(Node node) {
    return node.inputs().stream()
        .filter(input -> graph.hasNode(input) || input.equals(graph.input().name()))
        .collect(Collectors.toSet());
  }

  /** Values that are there before the node of a place and that it reads, or one behind it. */
  private Set<String> alive(int place) {
    Set<String> before = new HashSet<>();
    before.add(graph.input().name());
    graph.nodes().subList(0, place).forEach(earlier -> before.add(earlier.name()));
    Set<String> alive = new HashSet<>();
    graph.nodes().subList(place, graph.nodes().size()).stream()
        .flatMap(later -> later.inputs().stream())
        .filter(before::contains)
        .forEach(alive::add);
    return alive;
  }

  private long mostAlive() {
    return layers.stream()
        .mapToLong(
            layer ->
                alive(parting(layer)).stream().mapToLong(value -> graph.shape(value).size()).sum())
        .max()
        .orElse(1);
  }

  /** The trunk, up to where the next layer parts from it. */
  private void advance(List<Part> parts, Set<String> alive, Set<String> next) {
    List<String> missing = next.stream().filter(value -> !alive.contains(value)).toList();
    if (!missing.isEmpty()) {
      Map<String, Shape> given = shapes(alive);
      try (OnnxActivations step =
          OnnxActivations.open(OnnxPart.of(trunk, given, missing), given, THREADS)) {
        parts.parallelStream()
            .forEach(part -> part.values().putAll(step.run(part.values(), part.count())));
      }
    }
    parts.forEach(part -> part.values().keySet().retainAll(next));
  }

  /** The rest of the network, with the layer in integers. */
  private void leave(List<Part> parts, Set<String> alive, Node layer, float[][] answers) {
    Set<String> others = new HashSet<>(all);
    others.remove(layer.name());
    QuantizedGraph alone = plain.withFloats(others);
    Map<String, Shape> given = new LinkedHashMap<>();
    shapes(alive).forEach((value, shape) -> given.put(unrounded(alone, value), shape));
    byte[] rest = OnnxPart.of(QdqOnnxWriter.bytes(alone), given, List.of(graph.output()));
    try (OnnxActivations runtime = OnnxActivations.open(rest, given, THREADS)) {
      parts.parallelStream()
          .forEach(
              part -> {
                Map<String, float[]> values = new HashMap<>();
                part.values()
                    .forEach((value, numbers) -> values.put(unrounded(alone, value), numbers));
                float[] logits = runtime.run(values, part.count()).get(graph.output());
                int classes = logits.length / part.count();
                for (int i = 0; i < part.count(); i++) {
                  float[] own = new float[classes];
                  System.arraycopy(logits, i * classes, own, 0, classes);
                  answers[part.from() + i] = own;
                }
              });
    }
  }

  /** What the file calls a value before it rounds it. */
  private String unrounded(QuantizedGraph alone, String value) {
    return graph.hasNode(value) && alone.isRounded(value) ? QdqOnnxWriter.unrounded(value) : value;
  }

  private Map<String, Shape> shapes(Set<String> values) {
    return values.stream().collect(Collectors.toMap(value -> value, graph::shape));
  }
}

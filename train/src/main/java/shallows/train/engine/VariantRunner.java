package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shallows.model.graph.Graph;
import shallows.model.graph.Liveness;
import shallows.model.graph.Node;

/**
 * Runs several networks on the same images. They are variants of one trunk, and what a variant has
 * in common with the trunk is computed once for all: the trunk runs node by node, and each variant
 * leaves it as soon as all is there that its own nodes read, and runs to its end before the trunk
 * goes on. So at any moment there are no more values than those of the trunk that are still to be
 * read, and those of one variant.
 *
 * <p>Leaving one of L blocks of equal cost out in turn so costs about L/2 networks instead of L.
 * The operations on each value are the same as if the variant ran alone, so its result is the same,
 * bit for bit.
 */
final class VariantRunner {
  private final Graph trunk;
  private final List<Variant> variants;

  /** The nodes of the trunk that some variant shares. */
  private final List<Node> nodes;

  /** How often each value of the trunk is read, by whom ever. */
  private final Map<String, Integer> uses = new HashMap<>();

  /** Variants by the name of the last value of the trunk that they wait for. */
  private final Map<String, List<Integer>> leaving = new HashMap<>();

  private final List<Map<String, Integer>> usesOfVariants = new ArrayList<>();

  VariantRunner(Graph trunk, List<Variant> variants) {
    this.trunk = trunk;
    this.variants = variants;
    Set<String> wanted = new HashSet<>();
    variants.forEach(variant -> wanted.addAll(variant.reads().keySet()));
    Set<String> needed = Liveness.needed(trunk.nodes(), wanted);
    nodes = trunk.nodes().stream().filter(node -> needed.contains(node.name())).toList();
    nodes.forEach(node -> node.inputs().forEach(value -> uses.merge(value, 1, Integer::sum)));
    for (int v = 0; v < variants.size(); v++) {
      Variant variant = variants.get(v);
      variant.reads().forEach((value, times) -> uses.merge(value, times, Integer::sum));
      leaving.computeIfAbsent(lastRead(variant), name -> new ArrayList<>()).add(v);
      usesOfVariants.add(variant.graph().uses());
    }
  }

  private String lastRead(Variant variant) {
    String last = trunk.input().name();
    for (Node node : nodes) {
      last = variant.reads().containsKey(node.name()) ? node.name() : last;
    }
    return last;
  }

  /**
   * @param input {@code (N, C, H, W)}, best in channels-last layout; stays open
   * @param ofTrunk parameters of the trunk by name; stay open
   * @param ofVariants parameters of each variant, likewise
   * @return for each variant its logits {@code (N, classes)}, row after row
   */
  List<float[]> run(
      NDArray input,
      Map<String, NDArray> ofTrunk,
      List<Map<String, NDArray>> ofVariants,
      RunMode mode) {
    float[][] results = new float[variants.size()][];
    Map<String, CountedArray> values = new HashMap<>();
    String image = trunk.input().name();
    values.put(image, CountedArray.image(image, input, uses.getOrDefault(image, 0), mode));
    leave(image, values, ofVariants, mode, results);
    for (Node node : nodes) {
      values.put(node.name(), CountedArray.of(node, uses.get(node.name()), values, ofTrunk, mode));
      release(node, values);
      leave(node.name(), values, ofVariants, mode, results);
    }
    return List.of(results);
  }

  private void leave(
      String value,
      Map<String, CountedArray> values,
      List<Map<String, NDArray>> ofVariants,
      RunMode mode,
      float[][] results) {
    for (int v : leaving.getOrDefault(value, List.of())) {
      results[v] = runOwn(v, values, ofVariants.get(v), mode);
    }
  }

  private float[] runOwn(
      int v, Map<String, CountedArray> ofTrunk, Map<String, NDArray> parameters, RunMode mode) {
    Variant variant = variants.get(v);
    Map<String, Integer> readers = usesOfVariants.get(v);
    Map<String, CountedArray> values = new HashMap<>();
    variant.reads().keySet().forEach(name -> values.put(name, ofTrunk.get(name)));
    for (Node node : variant.own()) {
      values.put(
          node.name(),
          CountedArray.of(node, readers.getOrDefault(node.name(), 0), values, parameters, mode));
      release(node, values);
    }
    CountedArray output = values.get(variant.graph().output());
    float[] logits = output.array().toFloatArray();
    output.release();
    return logits;
  }

  private static void release(Node node, Map<String, CountedArray> values) {
    for (String name : node.inputs()) {
      CountedArray read = values.get(name);
      if (read != null) {
        read.release();
      }
    }
  }
}

package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Graph;
import shallows.model.graph.Liveness;
import shallows.model.graph.Node;
import shallows.train.options.Compute;

/**
 * Takes two networks through the same images step by step: a reference, and one that is made of it
 * on the way. What the nodes that are still to come will read is held in native memory behind the
 * node that they were advanced to, so that no step begins at the image again, and nothing else is.
 *
 * <p>Images are cut into parts as in {@link TorchEvaluation}; sums over them are added in the order
 * of the parts, so they do not depend on the number of threads.
 */
public final class SideBySide implements AutoCloseable {
  private static final RunMode ANSWERS = RunMode.evaluation(FakeQuantization.NONE);

  /** More readers than there are, so that what is held stays open. */
  private static final int HELD = Integer.MAX_VALUE / 2;

  private final Graph reference;
  private final NDManager manager;
  private final Workers workers;
  private final Map<String, NDArray> ofReference;
  private final List<Part> parts = new ArrayList<>();

  /**
   * Some of the images.
   *
   * @param held values by name, of the reference and of the other network
   */
  private record Part(
      NDManager manager, int images, Map<String, NDArray> ofReference, Map<String, NDArray> held) {}

  /**
   * @param pixels normalized as the reference wants them
   * @param count how many images
   * @param part how many of them are computed at a time, at least 1
   */
  public SideBySide(
      Graph reference, TorchEvaluation.Pixels pixels, int count, int part, Compute compute) {
    this.reference = reference;
    manager = Torch.manager(compute);
    workers = new Workers(Torch.workers(manager, compute), 1, false);
    ofReference = new SharedParameters(manager).of(reference);
    String image = reference.input().name();
    for (int from = 0; from < count; from += part) {
      int to = Math.min(from + part, count);
      NDManager own = manager.newSubManager();
      ImageBuffer buffer = new ImageBuffer(reference.input().shape());
      NDArray loaded = buffer.load(pixels.load(from, to), 0, to - from, own);
      // Of its own memory: the buffer is gone when its owner is.
      NDArray images = loaded.add(Scalar.like(loaded, 0));
      loaded.close();
      parts.add(
          new Part(
              own,
              to - from,
              new HashMap<>(Map.of(image, images)),
              new HashMap<>(Map.of(image, images))));
    }
  }

  /**
   * Sums over all images and positions of what a layer reads and of what its network lacks.
   *
   * @param current the network beside the reference; up to where it was advanced to last, the same
   *     as then
   * @param layer a convolution of one group, or a fully connected layer, of it
   * @param compared a value of both networks, with as many channels and positions as the layer
   *     gives; what it lacks is the reference's less the current one's. Empty where nothing is to
   *     be lacking
   */
  public LayerSums sums(Graph current, String layer, Optional<String> compared) {
    Node node = current.node(layer);
    String input = node.inputs().get(0);
    Set<String> wanted = new HashSet<>(Set.of(input));
    compared.ifPresent(wanted::add);
    Set<String> ofBoth = compared.map(Set::of).orElse(Set.of());
    List<Node> ofCurrent = missing(current, parts.get(0).held(), wanted);
    List<Node> ofOriginal = missing(reference, parts.get(0).ofReference(), ofBoth);
    LayerSums sums =
        LayerSums.zeros(
            current.shape(input).dimension(0),
            LayerWindows.positions(node, current),
            current.shape(compared.orElse(layer)).dimension(0));
    try (NDManager call = manager.newSubManager()) {
      Map<String, NDArray> parameters = parameters(current, ofCurrent, call);
      List<Callable<LayerSums.OfPart>> tasks = new ArrayList<>();
      for (Part part : parts) {
        tasks.add(
            () -> {
              try (NDManager own = manager.newSubManager()) {
                Map<String, NDArray> theirs =
                    computed(ofOriginal, part.ofReference(), ofReference, ofBoth, own);
                Map<String, NDArray> values =
                    computed(ofCurrent, part.held(), parameters, wanted, own);
                NDArray rows = LayerWindows.rows(node, current, values.get(input), own);
                if (compared.isEmpty()) {
                  return ofPart(rows, call);
                }
                NDArray lacking = theirs.get(compared.get()).sub(values.get(compared.get()));
                lacking.attach(own);
                return ofPart(rows, call).lacking(lacking(rows, lacking, call));
              }
            });
      }
      for (int from = 0; from < tasks.size(); from += workers.count()) {
        List<Callable<LayerSums.OfPart>> some =
            tasks.subList(from, Math.min(from + workers.count(), tasks.size()));
        List<Integer> sizes =
            parts.subList(from, from + some.size()).stream().map(Part::images).toList();
        for (LayerSums.OfPart part : workers.all(some, sizes)) {
          try (part) {
            sums.add(part);
          }
        }
      }
    }
    return sums;
  }

  /**
   * @param call gets what is returned
   */
  private static LayerSums.OfPart ofPart(NDArray rows, NDManager call) {
    NDArray gram = rows.transpose().matMul(rows);
    NDArray inputs = rows.sum(new int[] {0});
    gram.attach(call);
    inputs.attach(call);
    return new LayerSums.OfPart(rows.getShape().get(0), gram, inputs, Optional.empty());
  }

  private static LayerSums.Lacking lacking(NDArray rows, NDArray lacking, NDManager call) {
    NDArray flat = LayerWindows.flat(lacking);
    NDArray cross = rows.transpose().matMul(flat);
    NDArray sum = flat.sum(new int[] {0});
    cross.attach(call);
    sum.attach(call);
    return new LayerSums.Lacking(cross, sum);
  }

  /**
   * Goes on to behind a node; what no later node reads is let go.
   *
   * @param current as above; where it lacks the node, only the reference goes on
   */
  public void advance(Graph current, String node) {
    Set<String> keptOfReference = Liveness.liveBehind(reference, node);
    List<Node> ofOriginal = missing(reference, parts.get(0).ofReference(), keptOfReference);
    boolean both = current.hasNode(node);
    Set<String> kept = both ? Liveness.liveBehind(current, node) : parts.get(0).held().keySet();
    List<Node> ofCurrent = both ? missing(current, parts.get(0).held(), kept) : List.of();
    Set<String> last = Set.copyOf(kept);
    try (NDManager call = manager.newSubManager()) {
      Map<String, NDArray> parameters = parameters(current, ofCurrent, call);
      List<Callable<Void>> tasks = new ArrayList<>();
      for (Part part : parts) {
        tasks.add(
            () -> {
              try (NDManager own = manager.newSubManager()) {
                Map<String, NDArray> theirs =
                    computed(ofOriginal, part.ofReference(), ofReference, keptOfReference, own);
                Map<String, NDArray> values =
                    computed(ofCurrent, part.held(), parameters, last, own);
                replace(part, theirs, keptOfReference, values, last);
              }
              return null;
            });
      }
      workers.all(tasks, parts.stream().map(Part::images).toList());
    }
  }

  private static void replace(
      Part part,
      Map<String, NDArray> theirs,
      Set<String> ofReference,
      Map<String, NDArray> values,
      Set<String> kept) {
    theirs.keySet().retainAll(ofReference);
    values.keySet().retainAll(kept);
    List<NDArray> before = new ArrayList<>(part.ofReference().values());
    before.addAll(part.held().values());
    part.ofReference().clear();
    part.ofReference().putAll(theirs);
    part.held().clear();
    part.held().putAll(values);
    Set<NDArray> after = Collections.newSetFromMap(new IdentityHashMap<>());
    after.addAll(theirs.values());
    after.addAll(values.values());
    after.forEach(value -> value.attach(part.manager()));
    before.stream().filter(value -> !after.contains(value)).forEach(NDArray::close);
  }

  /** The nodes to compute for the wanted values, in topological order. */
  private static List<Node> missing(
      Graph graph, Map<String, NDArray> held, Iterable<String> wanted) {
    Set<String> needed = new HashSet<>();
    wanted.forEach(needed::add);
    List<Node> missing = new ArrayList<>();
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      Node node = graph.nodes().get(i);
      if (needed.contains(node.name()) && !held.containsKey(node.name())) {
        needed.addAll(node.inputs());
        missing.add(0, node);
      }
    }
    return missing;
  }

  private static Map<String, NDArray> parameters(Graph graph, List<Node> nodes, NDManager manager) {
    Set<String> names = new HashSet<>();
    nodes.forEach(node -> names.addAll(node.inputs()));
    return new SharedParameters(manager).of(graph, names);
  }

  /** The held values and those of the nodes that are wanted; others go after their last reader. */
  private static Map<String, NDArray> computed(
      List<Node> nodes,
      Map<String, NDArray> held,
      Map<String, NDArray> parameters,
      Set<String> wanted,
      NDManager own) {
    Map<String, CountedArray> values = new HashMap<>();
    held.forEach((name, value) -> values.put(name, CountedArray.input(value, HELD)));
    Map<String, Integer> readers = new HashMap<>();
    wanted.forEach(name -> readers.merge(name, 1, Integer::sum));
    nodes.forEach(node -> node.inputs().forEach(name -> readers.merge(name, 1, Integer::sum)));
    Map<String, NDArray> all = new HashMap<>(held);
    for (Node node : nodes) {
      CountedArray value =
          CountedArray.of(node, readers.get(node.name()), values, parameters, ANSWERS);
      values.put(node.name(), value);
      if (wanted.contains(node.name())) {
        all.put(node.name(), value.array());
      }
      boolean isHeld = held.values().stream().anyMatch(array -> array == value.array());
      if (!isHeld) {
        value.array().attach(own);
      }
      for (String name : node.inputs()) {
        if (values.containsKey(name)) {
          values.get(name).release();
        }
      }
    }
    return all;
  }

  @Override
  public void close() {
    workers.close();
    manager.close();
  }
}

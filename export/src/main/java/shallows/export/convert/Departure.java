package shallows.export.convert;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import shallows.data.PixelOrder;
import shallows.export.runtime.FileValues;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;
import shallows.model.onnx.read.ImportedNetwork;

/**
 * Where a graph first computes something else than the file that it was read from. The file may
 * have its axes in another order, so the numbers of a value are compared in the order of their
 * size.
 */
final class Departure {
  /** Of the largest number of a value; what half precision makes of a few layers is below it. */
  private static final double CLEAR = 0.02;

  private Departure() {}

  /**
   * The operation and its name, if there is one that both have.
   *
   * @param image {@code (H, W, C)}
   */
  static Optional<String> of(Path file, ImportedNetwork network, float[] image) {
    Graph graph = network.graph();
    List<String> names = graph.nodes().stream().map(Node::name).toList();
    Map<String, float[]> theirs;
    try {
      theirs = values(file, network, names, image);
    } catch (BadInputException e) {
      // Names that the file has not, or a file too large to be changed.
      return Optional.empty();
    }
    Shape shape = graph.input().shape();
    float[] pixels = PixelOrder.channelsFirst(image, 1, shape.dimension(0));
    Map<String, Tensor> ours = Interpreter.values(graph, new Tensor(shape.withBatch(1), pixels));
    return graph.nodes().stream()
        .filter(node -> departs(ours.get(node.name()).values(), theirs.get(node.name())))
        .findFirst()
        .map(node -> node.operation().label() + " '" + node.name() + "'");
  }

  private static Map<String, float[]> values(
      Path file, ImportedNetwork network, List<String> names, float[] image) {
    Set<String> inside = FileValues.operations(file).keySet();
    List<String> known = names.stream().filter(inside::contains).toList();
    try (OriginalModel original = new OriginalModel(file, network, known, false, 1)) {
      return original.values(image);
    }
  }

  private static boolean departs(float[] ours, float[] theirs) {
    if (theirs == null || theirs.length != ours.length) {
      return false;
    }
    float[] first = ours.clone();
    float[] second = theirs.clone();
    Arrays.sort(first);
    Arrays.sort(second);
    double largest = Math.max(Math.abs(second[0]), Math.abs(second[second.length - 1]));
    for (int i = 0; i < first.length; i++) {
      // Written this way round, what is no number departs.
      if (!(Math.abs(first[i] - second[i]) <= CLEAR * largest + Float.MIN_NORMAL)) {
        return true;
      }
    }
    return false;
  }
}

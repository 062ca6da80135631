package shallows.model.onnx.read;

import shallows.model.graph.Graph;
import shallows.model.graph.Shape;

/** How large a network may be that a file asks for, which a few bytes of a file can do. */
final class OnnxLimits {
  /** Networks of hundreds of blocks have some thousands, as exporters write them out. */
  static final int MOST_NODES = 100_000;

  /** Of one value. */
  static final long MOST_ELEMENTS = 1L << 27;

  private OnnxLimits() {}

  static void requireNodes(int nodes) {
    if (nodes > MOST_NODES) {
      throw new IllegalArgumentException(
          "expected a network of at most " + MOST_NODES + " nodes, found " + nodes);
    }
  }

  /** Of the image, and of all that is computed of one. */
  static void requireValues(Graph graph) {
    requireValue(graph.input().name(), graph.input().shape());
    graph.nodes().forEach(node -> requireValue(node.name(), graph.shape(node.name())));
  }

  private static void requireValue(String name, Shape shape) {
    double elements = 1;
    for (int axis = 0; axis < shape.rank(); axis++) {
      elements *= shape.dimension(axis);
    }
    if (elements > MOST_ELEMENTS) {
      throw new IllegalArgumentException(
          "expected values of at most "
              + MOST_ELEMENTS
              + " numbers, found '"
              + name
              + "' of "
              + shape);
    }
  }
}

package shallows.export.onnx;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import shallows.model.file.AtomicFile;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;

/**
 * The ONNX file of a graph, with the weight of each binary convolution replaced by its bits and the
 * nodes that unpack them. Everything they read is constant, so ONNX Runtime unpacks once, when it
 * loads the file, and then runs at the speed of floats.
 */
public final class BinaryOnnxWriter {
  private BinaryOnnxWriter() {}

  /**
   * @throws shallows.model.BadInputException when the file cannot be written
   */
  public static void write(Graph graph, Path file) {
    byte[] bytes = bytes(graph);
    AtomicFile.write(file, out -> out.write(bytes));
  }

  public static byte[] bytes(Graph graph) {
    Set<String> binary = binaryWeights(graph);
    OnnxUnpacking unpacking = new OnnxUnpacking();
    binary.forEach(weight -> unpacking.addFloats(weight, graph.parameter(weight)));
    return ReplacedWeights.bytes(graph, binary, unpacking.constants(), unpacking.nodes());
  }

  private static Set<String> binaryWeights(Graph graph) {
    Set<String> weights = new LinkedHashSet<>();
    for (Node node : graph.nodes()) {
      if (node.operation() instanceof Operation.Conv2d conv
          && conv.precision() == Precision.BINARY) {
        weights.add(node.inputs().get(1));
      }
    }
    return weights;
  }
}

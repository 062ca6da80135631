package shallows.export.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import shallows.model.graph.Graph;

/** The ONNX file of a graph with weights that nodes compute of other constants. */
final class ReplacedWeights {
  private ReplacedWeights() {}

  /**
   * @param weights whose initializers go
   * @param constants that come in their place
   * @param nodes that compute values of the names of the weights, in order
   */
  static byte[] bytes(
      Graph graph, Set<String> weights, Collection<TensorProto> constants, List<NodeProto> nodes) {
    ModelProto.Builder model = OnnxParts.model(graph);
    GraphProto.Builder file = model.getGraphBuilder();
    for (int i = file.getInitializerCount() - 1; i >= 0; i--) {
      if (weights.contains(file.getInitializer(i).getName())) {
        file.removeInitializer(i);
      }
    }
    constants.forEach(file::addInitializer);
    // Nodes stand in topological order, so the weights come before whatever reads them.
    for (int i = 0; i < nodes.size(); i++) {
      file.addNode(i, nodes.get(i));
    }
    return model.build().toByteArray();
  }
}

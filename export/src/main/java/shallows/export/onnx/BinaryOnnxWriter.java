package shallows.export.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import shallows.model.file.AtomicFile;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.onnx.write.OnnxWriter;

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
    ModelProto.Builder model = parsed(OnnxWriter.bytes(graph));
    if (binary.isEmpty()) {
      return model.build().toByteArray();
    }
    GraphProto.Builder file = model.getGraphBuilder();
    OnnxUnpacking unpacking = new OnnxUnpacking();
    for (int i = file.getInitializerCount() - 1; i >= 0; i--) {
      if (binary.contains(file.getInitializer(i).getName())) {
        file.removeInitializer(i);
      }
    }
    for (String weight : binary) {
      unpacking.addFloats(weight, graph.parameter(weight));
    }
    for (TensorProto constant : unpacking.constants()) {
      file.addInitializer(constant);
    }
    // Nodes stand in topological order, so the weights come before whatever reads them.
    for (int i = 0; i < unpacking.nodes().size(); i++) {
      file.addNode(i, unpacking.nodes().get(i));
    }
    return model.build().toByteArray();
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

  private static ModelProto.Builder parsed(byte[] bytes) {
    try {
      return ModelProto.parseFrom(bytes).toBuilder();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the ONNX writer wrote what does not parse", e);
    }
  }
}

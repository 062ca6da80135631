package shallows.export.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;
import shallows.model.onnx.read.StoredIntegers;

/**
 * A quantized model that does not round its values: what a QuantizeLinear and a DequantizeLinear
 * hand on is what the graph that was read of it has in their place. Weights stay the floats that
 * their integers stand for.
 */
public final class OnnxUnrounded {
  private static final String SIX = "shallows/six";

  private OnnxUnrounded() {}

  /**
   * @param where the file's name, for messages
   * @param activations by the output of each QuantizeLinear of a value
   * @throws BadInputException when the bytes are no ONNX model
   */
  public static byte[] of(
      byte[] model, String where, Map<String, StoredIntegers.Activation> activations) {
    ModelProto.Builder result = OnnxParts.parsed(model, where).toBuilder();
    GraphProto.Builder graph = result.getGraphBuilder();
    // Among them are the types of what were integers.
    graph.clearValueInfo();
    List<NodeProto> nodes = new ArrayList<>();
    for (NodeProto node : graph.getNodeList()) {
      nodes.addAll(unrounded(node, activations));
    }
    graph.clearNode().addAllNode(nodes);
    graph.addInitializer(
        OnnxParts.constant(
            SIX, DataType.FLOAT, Shape.of(), ByteBuffer.wrap(OnnxParts.littleEndian(6).array())));
    return result.build().toByteArray();
  }

  private static List<NodeProto> unrounded(
      NodeProto node, Map<String, StoredIntegers.Activation> activations) {
    boolean writes = node.getOutputCount() == 1 && activations.containsKey(node.getOutput(0));
    if (writes) {
      String value = node.getOutput(0);
      return switch (activations.get(value)) {
        case NONE -> List.of(operator("Identity", List.of(node.getInput(0)), value));
        case RELU -> List.of(operator("Relu", List.of(node.getInput(0)), value));
        case RELU6 -> {
          String positive = value + "/shallows/positive";
          yield List.of(
              operator("Relu", List.of(node.getInput(0)), positive),
              operator("Min", List.of(positive, SIX), value));
        }
      };
    }
    boolean reads = node.getInputCount() > 0 && activations.containsKey(node.getInput(0));
    return reads && node.getOpType().equals("DequantizeLinear")
        ? List.of(operator("Identity", List.of(node.getInput(0)), node.getOutput(0)))
        : List.of(node);
  }

  private static NodeProto operator(String type, List<String> inputs, String output) {
    return OnnxParts.node(type, output, inputs, new AttributeProto[0]);
  }
}

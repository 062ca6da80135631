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
import java.util.Set;
import java.util.TreeSet;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;
import shallows.model.onnx.read.OnnxFunctions;
import shallows.model.onnx.read.StoredIntegers;

/**
 * A quantized model that does not round its values: what a QuantizeLinear and a DequantizeLinear
 * hand on is what the graph that was read of it has in their place. Weights stay the floats that
 * their integers stand for. Functions are put in the place of their calls.
 */
public final class OnnxUnrounded {
  private static final String SIX = "shallows/six";
  private static final int CAST_LIKE = 15;
  private static final Set<String> STANDARD = Set.of("", "ai.onnx");

  private OnnxUnrounded() {}

  /**
   * @param where the file's name, for messages
   * @param activations by the output of each QuantizeLinear of a value
   * @throws BadInputException when the bytes are no ONNX model, or it rounds inside of an If
   */
  public static byte[] of(
      byte[] model, String where, Map<String, StoredIntegers.Activation> activations) {
    ModelProto.Builder result = OnnxFunctions.inlined(OnnxParts.parsed(model, where)).toBuilder();
    GraphProto.Builder graph = result.getGraphBuilder();
    // Among them are the types of what were integers.
    graph.clearValueInfo();
    requireAll(graph, where, activations.keySet());
    boolean mayBeHalf = mayBeHalf(result);
    List<NodeProto> nodes = new ArrayList<>();
    for (NodeProto node : graph.getNodeList()) {
      nodes.addAll(unrounded(node, activations, mayBeHalf));
    }
    graph.clearNode().addAllNode(nodes);
    if (activations.containsValue(StoredIntegers.Activation.RELU6)) {
      graph.addInitializer(
          OnnxParts.constant(
              SIX,
              DataType.FLOAT,
              Shape.of(),
              ByteBuffer.wrap(OnnxParts.littleEndian(6f).array())));
    }
    return result.build().toByteArray();
  }

  private static void requireAll(GraphProto.Builder graph, String where, Set<String> integers) {
    Set<String> inside = new TreeSet<>(integers);
    graph.getNodeList().forEach(node -> node.getOutputList().forEach(inside::remove));
    if (!inside.isEmpty()) {
      throw new BadInputException(
          where,
          "each QuantizeLinear outside of the branches of an If",
          "'" + inside.iterator().next() + "' in one",
          "export it anew without conditions, or simplify it with onnx-simplifier");
    }
  }

  /** The opset that first has CastLike; before it QuantizeLinear takes no half precision. */
  private static boolean mayBeHalf(ModelProto.Builder model) {
    return model.getOpsetImportList().stream()
        .anyMatch(opset -> STANDARD.contains(opset.getDomain()) && opset.getVersion() >= CAST_LIKE);
  }

  private static List<NodeProto> unrounded(
      NodeProto node, Map<String, StoredIntegers.Activation> activations, boolean mayBeHalf) {
    boolean writes = node.getOutputCount() == 1 && activations.containsKey(node.getOutput(0));
    if (writes) {
      String value = node.getOutput(0);
      return switch (activations.get(value)) {
        case NONE -> List.of(operator("Identity", List.of(node.getInput(0)), value));
        case RELU -> List.of(operator("Relu", List.of(node.getInput(0)), value));
        case RELU6 -> {
          String positive = value + "/shallows/positive";
          String six = value + "/shallows/six";
          yield List.of(
              operator("Relu", List.of(node.getInput(0)), positive),
              mayBeHalf
                  ? operator("CastLike", List.of(SIX, positive), six)
                  : operator("Identity", List.of(SIX), six),
              operator("Min", List.of(positive, six), value));
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

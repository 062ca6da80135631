package shallows.export.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shallows.model.BadInputException;
import shallows.model.onnx.OnnxMessage;

/** The values inside an ONNX file: what its nodes compute, by name. */
public final class OnnxValues {
  /** The input of a DequantizeLinear. */
  private static final int ZERO_POINT = 2;

  private OnnxValues() {}

  /**
   * The operation that computes each value, in the order of the file.
   *
   * @param where the file's name, for messages
   * @throws BadInputException when the bytes are no ONNX model
   */
  public static Map<String, String> operations(byte[] model, String where) {
    Map<String, String> operations = new LinkedHashMap<>();
    for (NodeProto node : OnnxParts.parsed(model, where).getGraph().getNodeList()) {
      for (String output : node.getOutputList()) {
        if (!output.isEmpty()) {
          operations.put(output, node.getOpType());
        }
      }
    }
    return operations;
  }

  /**
   * What each value is computed from, in the order of the file: other such values, and the inputs
   * of the file; no constants.
   *
   * @param where the file's name, for messages
   * @throws BadInputException when the bytes are no ONNX model
   */
  public static Map<String, List<String>> sources(byte[] model, String where) {
    GraphProto graph = OnnxParts.parsed(model, where).getGraph();
    Set<String> varying = new HashSet<>();
    graph.getInputList().forEach(input -> varying.add(input.getName()));
    graph.getInitializerList().forEach(constant -> varying.remove(constant.getName()));
    graph.getNodeList().forEach(node -> varying.addAll(node.getOutputList()));
    Map<String, List<String>> sources = new LinkedHashMap<>();
    for (NodeProto node : graph.getNodeList()) {
      List<String> inputs = node.getInputList().stream().filter(varying::contains).toList();
      node.getOutputList().forEach(output -> sources.put(output, inputs));
    }
    sources.remove("");
    return sources;
  }

  /**
   * The same model that also returns these values, behind its own outputs and in the given order. A
   * runtime infers their types.
   *
   * @param values names of {@link #operations}
   * @throws BadInputException when the bytes are no ONNX model
   */
  public static byte[] returning(byte[] model, String where, Collection<String> values) {
    ModelProto.Builder more = OnnxParts.parsed(model, where).toBuilder();
    GraphProto.Builder graph = more.getGraphBuilder();
    for (String value : values) {
      if (graph.getOutputList().stream().noneMatch(output -> output.getName().equals(value))) {
        graph.addOutput(ValueInfoProto.newBuilder().setName(value));
      }
    }
    return more.build().toByteArray();
  }

  /**
   * Whether integers become floats without a zero point, which is allowed.
   *
   * @return false also where the bytes are no ONNX model, which a runtime then refuses
   */
  public static boolean haveNoZeroPoint(byte[] model) {
    try {
      return OnnxMessage.of(model).getGraph().getNodeList().stream()
          .anyMatch(
              node ->
                  node.getOpType().equals("DequantizeLinear")
                      && (node.getInputCount() <= ZERO_POINT
                          || node.getInput(ZERO_POINT).isEmpty()));
    } catch (IOException e) {
      return false;
    }
  }
}

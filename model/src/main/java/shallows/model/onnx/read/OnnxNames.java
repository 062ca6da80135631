package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import java.util.Map;

/** Gives nodes that move into another graph names that are theirs alone there. */
final class OnnxNames {
  private OnnxNames() {}

  /**
   * @param names by which values are known outside; those that are not among them get the prefix,
   *     and are added
   */
  static NodeProto renamed(NodeProto node, Map<String, String> names, String prefix) {
    NodeProto.Builder result = node.toBuilder().clearInput().clearOutput().clearAttribute();
    result.setName(node.getName().isEmpty() ? "" : prefix + node.getName());
    node.getInputList().forEach(input -> result.addInput(name(input, names, prefix)));
    node.getOutputList().forEach(output -> result.addOutput(name(output, names, prefix)));
    for (AttributeProto attribute : node.getAttributeList()) {
      result.addAttribute(
          attribute.hasG()
              ? attribute.toBuilder().setG(captured(attribute.getG(), names)).build()
              : attribute);
    }
    return result.build();
  }

  private static String name(String own, Map<String, String> names, String prefix) {
    return own.isEmpty() ? "" : names.computeIfAbsent(own, name -> prefix + name);
  }

  /** A graph within a node reads values from around it by their names there. */
  private static GraphProto captured(GraphProto graph, Map<String, String> names) {
    GraphProto.Builder result = graph.toBuilder();
    for (NodeProto.Builder node : result.getNodeBuilderList()) {
      List<String> inputs = List.copyOf(node.getInputList());
      node.clearInput();
      inputs.forEach(input -> node.addInput(names.getOrDefault(input, input)));
      for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
        if (attribute.hasG()) {
          attribute.setG(captured(attribute.getG(), names));
        }
      }
    }
    for (int i = 0; i < result.getOutputCount(); i++) {
      String output = result.getOutput(i).getName();
      result.getOutputBuilder(i).setName(names.getOrDefault(output, output));
    }
    return result.build();
  }
}

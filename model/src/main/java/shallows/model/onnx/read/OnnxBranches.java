package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Takes the branch of an If whose condition is known. */
final class OnnxBranches {
  private OnnxBranches() {}

  /** Whether this is an If that one of its branches can take the place of. */
  static boolean isDecided(NodeProto node, OnnxConstants constants) {
    return node.getOpType().equals("If")
        && OnnxNodeReader.isStandard(node.getDomain())
        && node.getInputCount() == 1
        && constants.contains(node.getInput(0));
  }

  /**
   * The nodes of the branch, ending with one for each output of the If.
   *
   * @throws IllegalArgumentException when the condition or the branch is not as it should be
   */
  static List<NodeProto> taken(NodeProto node, OnnxConstants constants) {
    long[] condition = constants.integers(node.getInput(0));
    if (condition.length != 1) {
      throw new IllegalArgumentException("expected one condition, found " + condition.length);
    }
    String which = condition[0] != 0 ? "then_branch" : "else_branch";
    GraphProto branch =
        node.getAttributeList().stream()
            .filter(attribute -> attribute.getName().equals(which))
            .map(AttributeProto::getG)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("expected " + which + ", found none"));
    if (branch.getOutputCount() != node.getOutputCount()) {
      throw new IllegalArgumentException(
          "expected "
              + node.getOutputCount()
              + " outputs of "
              + which
              + ", found "
              + branch.getOutputCount());
    }
    String prefix = node.getOutputList().stream().reduce("", (a, b) -> b.isEmpty() ? a : b) + "/";
    // Names that the branch does not give itself come from around it.
    Map<String, String> names = new HashMap<>();
    for (TensorProto tensor : branch.getInitializerList()) {
      names.put(tensor.getName(), prefix + tensor.getName());
      constants.add(prefix + tensor.getName(), tensor);
    }
    for (NodeProto inner : branch.getNodeList()) {
      inner.getOutputList().stream()
          .filter(name -> !name.isEmpty())
          .forEach(name -> names.put(name, prefix + name));
    }
    List<NodeProto> taken = new ArrayList<>();
    for (NodeProto inner : branch.getNodeList()) {
      inner.getInputList().forEach(name -> names.putIfAbsent(name, name));
      taken.add(OnnxNames.renamed(inner, names, prefix));
    }
    for (int i = 0; i < node.getOutputCount(); i++) {
      String result = branch.getOutput(i).getName();
      if (!node.getOutput(i).isEmpty()) {
        taken.add(
            NodeProto.newBuilder()
                .setName(node.getName())
                .setOpType("Identity")
                .addInput(names.getOrDefault(result, result))
                .addOutput(node.getOutput(i))
                .build());
      }
    }
    return taken;
  }
}

package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts the nodes of a model's own functions in the place of the nodes that call them. */
public final class OnnxFunctions {
  private static final int DEEPEST = 32;

  /** From which opset on operators mean something else by the same attributes and inputs. */
  private static final Map<String, Integer> CHANGED =
      Map.of("Softmax", 13, "LogSoftmax", 13, "Hardmax", 13, "Resize", 11);

  private final Map<String, FunctionProto> functions = new HashMap<>();
  private final long opset;
  private final List<NodeProto> result = new ArrayList<>();
  private int calls;

  private OnnxFunctions(ModelProto model, long opset) {
    this.opset = opset;
    for (FunctionProto function : model.getFunctionsList()) {
      functions.put(key(function.getDomain(), function.getName()), function);
    }
  }

  /**
   * The same model without functions, its nodes named as they are read.
   *
   * @throws IllegalArgumentException when its functions cannot be read
   */
  public static ModelProto inlined(ModelProto model) {
    ModelProto.Builder result = model.toBuilder().clearFunctions();
    List<NodeProto> nodes = inlined(model, OnnxGraphReader.opset(model));
    result.getGraphBuilder().clearNode().addAllNode(nodes);
    return result.build();
  }

  /**
   * @param opset of the model
   * @throws IllegalArgumentException when a function calls itself, or has operators that mean
   *     something else in its opset than in that of the model
   */
  static List<NodeProto> inlined(ModelProto model, long opset) {
    if (model.getFunctionsCount() == 0) {
      return model.getGraph().getNodeList();
    }
    OnnxFunctions functions = new OnnxFunctions(model, opset);
    functions.addAll(model.getGraph().getNodeList(), 0);
    return functions.result;
  }

  private static String key(String domain, String name) {
    return domain + ":" + name;
  }

  private void addAll(List<NodeProto> nodes, int depth) {
    // A function that calls others twice, sixty deep, would be more nodes than fit anywhere.
    int most = OnnxLimits.MOST_NODES;
    if (depth > DEEPEST || result.size() > most || ++calls > most) {
      throw new IllegalArgumentException(
          "expected functions that end, found more than "
              + most
              + " nodes or calls "
              + DEEPEST
              + " deep");
    }
    for (NodeProto node : nodes) {
      FunctionProto function = functions.get(key(node.getDomain(), node.getOpType()));
      if (function != null && node.getOutputCount() > 0) {
        addAll(body(function, node), depth + 1);
      } else {
        result.add(node);
      }
    }
  }

  private List<NodeProto> body(FunctionProto function, NodeProto call) {
    requireOpset(function);
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < function.getInputCount(); i++) {
      names.put(function.getInput(i), i < call.getInputCount() ? call.getInput(i) : "");
    }
    for (int i = 0; i < function.getOutputCount(); i++) {
      String unread = call.getOutput(0) + "/" + function.getOutput(i);
      boolean read = i < call.getOutputCount() && !call.getOutput(i).isEmpty();
      // One that goes in and out at once keeps the name of what goes in.
      names.putIfAbsent(function.getOutput(i), read ? call.getOutput(i) : unread);
    }
    String prefix = (call.getName().isEmpty() ? call.getOutput(0) : call.getName()) + "/";
    Map<String, AttributeProto> given = new HashMap<>();
    function.getAttributeProtoList().forEach(each -> given.put(each.getName(), each));
    call.getAttributeList().forEach(each -> given.put(each.getName(), each));
    List<NodeProto> body = new ArrayList<>();
    for (NodeProto node : function.getNodeList()) {
      body.add(OnnxNames.renamed(withAttributes(node, given), names, prefix));
    }
    return body;
  }

  /**
   * Functions may be of another opset than the model as long as their operators mean the same in
   * both: what has moved from an attribute to an input is read either way.
   */
  private void requireOpset(FunctionProto function) {
    for (OperatorSetIdProto own : function.getOpsetImportList()) {
      if (!OnnxNodeReader.isStandard(own.getDomain()) || own.getVersion() == opset) {
        continue;
      }
      OnnxGraphReader.requireKnown(own.getVersion());
      for (NodeProto node : function.getNodeList()) {
        int changed = CHANGED.getOrDefault(node.getOpType(), 0);
        if (own.getVersion() < changed != opset < changed) {
          throw new IllegalArgumentException(
              "expected function '"
                  + function.getName()
                  + "' in opset "
                  + opset
                  + " as the model, found "
                  + own.getVersion()
                  + ", where "
                  + node.getOpType()
                  + " means something else");
        }
      }
    }
  }

  /** Attributes that stand for those of the call; one that the call has not is not there. */
  private static NodeProto withAttributes(NodeProto node, Map<String, AttributeProto> given) {
    NodeProto.Builder result = node.toBuilder().clearAttribute();
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.getRefAttrName().isEmpty()) {
        result.addAttribute(attribute);
      } else if (given.containsKey(attribute.getRefAttrName())) {
        result.addAttribute(
            given.get(attribute.getRefAttrName()).toBuilder().setName(attribute.getName()));
      }
    }
    return result.build();
  }
}

package shallows.export.inspect;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import shallows.model.BadInputException;
import shallows.model.onnx.OnnxMessage;
import shallows.model.onnx.constant.ExternalData;
import shallows.model.onnx.read.OnnxReader;

/**
 * What is asked of an ONNX file before ONNX Runtime gets it. That runtime believes the numbers of a
 * file: an amount of padding with a flipped bit asks for all the memory there is.
 *
 * <ol>
 *   <li>Constants hold what their shapes say, in the file itself or in files beside it.
 *   <li>Every value has one source, and none depends on itself.
 *   <li>Graphs within graphs go {@value #DEEPEST} deep at most.
 *   <li>There are {@link OnnxReader#MOST_NODES} nodes at most.
 *   <li>Shapes that are declared, and what operators are told to make or to grow by, are of a size
 *       that a network for images can have. Not applied to amounts that are computed from constants
 *       by way of other operators, which the runtime may still refuse.
 * </ol>
 */
public final class OnnxInspection {
  /** Of a control-flow operator in another; classifiers hardly need one. */
  private static final int DEEPEST = 3;

  /** Of one value. */
  static final long MOST_ELEMENTS = OnnxReader.MOST_ELEMENTS;

  /** Of one axis of a window, a padding or a step. */
  static final long LARGEST_AMOUNT = 1 << 14;

  private static final Set<String> AMOUNTS =
      Set.of("pads", "kernel_shape", "strides", "dilations", "output_padding", "output_shape");

  private final String where;
  private final OnnxConstantInspection ofConstants;
  private final OnnxAmountInspection ofAmounts;
  private int nodes;

  private OnnxInspection(String where, ExternalData external) {
    this.where = where;
    this.ofConstants = new OnnxConstantInspection(where, external);
    this.ofAmounts = new OnnxAmountInspection(where, external);
  }

  /**
   * @param external where constants may lie that are not in the file
   * @return whether some do
   * @throws BadInputException naming {@code where} and what does not fit
   */
  public static boolean check(byte[] content, String where, ExternalData external) {
    OnnxInspection inspection = new OnnxInspection(where, external);
    ModelProto model;
    try {
      model = OnnxMessage.of(content);
    } catch (IOException e) {
      throw OnnxReader.noModel(content, where, e);
    }
    if (model.getFunctionsCount() > 0) {
      throw inspection.refused("functions of its own");
    }
    inspection.check(model.getGraph(), 0);
    return inspection.ofConstants.needsOthers();
  }

  private void check(GraphProto graph, int depth) {
    if (depth > DEEPEST) {
      throw refused("graphs in graphs in graphs");
    }
    nodes += graph.getNodeCount();
    if (nodes > OnnxReader.MOST_NODES) {
      throw refused("more than " + OnnxReader.MOST_NODES + " nodes");
    }
    if (graph.getSparseInitializerCount() > 0) {
      throw refused("sparse constants");
    }
    Map<String, TensorProto> constants = new HashMap<>();
    for (TensorProto tensor : graph.getInitializerList()) {
      ofConstants.check(tensor);
      if (constants.put(tensor.getName(), tensor) != null) {
        throw refused("two constants '" + tensor.getName() + "'");
      }
    }
    graph.getInputList().forEach(this::checkDeclared);
    graph.getOutputList().forEach(this::checkDeclared);
    graph.getValueInfoList().forEach(this::checkDeclared);
    for (NodeProto node : graph.getNodeList()) {
      node.getAttributeList().forEach(attribute -> checkAttribute(attribute, depth));
      ofAmounts.check(node, constants);
    }
    checkOrder(graph, constants.keySet());
  }

  private void checkDeclared(ValueInfoProto value) {
    long size = 1;
    for (Dimension dimension : value.getType().getTensorType().getShape().getDimList()) {
      long extent = dimension.hasDimValue() ? dimension.getDimValue() : 1;
      if (extent < 0 || extent > MOST_ELEMENTS || size * Math.max(1, extent) > MOST_ELEMENTS) {
        throw refused("'" + value.getName() + "' of an extent of " + extent);
      }
      size *= Math.max(1, extent);
    }
  }

  private void checkAttribute(AttributeProto attribute, int depth) {
    if (AMOUNTS.contains(attribute.getName())) {
      for (long amount : attribute.getIntsList()) {
        if (amount < 0 || amount > LARGEST_AMOUNT) {
          throw refused(attribute.getName() + " of " + amount);
        }
      }
    }
    if (attribute.hasT()) {
      ofConstants.check(attribute.getT());
    }
    attribute.getTensorsList().forEach(ofConstants::check);
    if (attribute.hasG()) {
      check(attribute.getG(), depth + 1);
    }
    attribute.getGraphsList().forEach(graph -> check(graph, depth + 1));
  }

  /** Whether the values can be computed one after another. */
  private void checkOrder(GraphProto graph, Set<String> constants) {
    Map<String, NodeProto> sources = new HashMap<>();
    for (NodeProto node : graph.getNodeList()) {
      for (String output : node.getOutputList()) {
        if (!output.isEmpty()
            && (constants.contains(output) || sources.put(output, node) != null)) {
          throw refused("two sources of '" + output + "'");
        }
      }
    }
    Set<String> known = new HashSet<>(constants);
    graph.getInputList().forEach(input -> known.add(input.getName()));
    for (NodeProto node : graph.getNodeList()) {
      for (String input : node.getInputList()) {
        // In a graph within a graph, a value may come from around it.
        if (sources.containsKey(input) && !known.contains(input)) {
          throw refused("'" + input + "' read before it is computed");
        }
      }
      known.addAll(node.getOutputList());
    }
  }

  private BadInputException refused(String found) {
    return Refusal.of(where, "an ONNX model", found);
  }
}

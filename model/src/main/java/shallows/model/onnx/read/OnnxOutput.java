package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.graph.Shape;

/** Which value of a file goes out, and what the file does to the logits before. */
final class OnnxOutput {
  /** What may come last. */
  static final Map<String, ImportedNetwork.Ending> ENDINGS =
      Map.of(
          "Softmax", ImportedNetwork.Ending.SOFTMAX,
          "LogSoftmax", ImportedNetwork.Ending.LOG_SOFTMAX,
          "Sigmoid", ImportedNetwork.Ending.SIGMOID);

  /** What may stand behind that. */
  private static final Set<String> PASSING =
      Set.of(
          "Identity",
          "Cast",
          "Flatten",
          "Reshape",
          "Squeeze",
          "QuantizeLinear",
          "DequantizeLinear");

  private OnnxOutput() {}

  /**
   * The output that is asked for, or the only one.
   *
   * @throws IllegalArgumentException when there is none of that name, or several and none is named
   */
  static String name(GraphProto file, Optional<String> asked) {
    List<ValueInfoProto> outputs = file.getOutputList();
    if (asked.isPresent()) {
      if (outputs.stream().noneMatch(output -> output.getName().equals(asked.get()))) {
        throw new RefusedFileException(
            "expected output '" + asked.get() + "', found " + listed(outputs),
            Phrase.of("name one of these with %s", Setting.OUTPUT));
      }
      return asked.get();
    }
    if (outputs.size() != 1) {
      throw new RefusedFileException(
          "expected one output, found " + outputs.size() + ": " + listed(outputs),
          Phrase.of("say which one holds the classes with %s NAME", Setting.OUTPUT));
    }
    return outputs.get(0).getName();
  }

  /**
   * The value that goes out.
   *
   * @throws IllegalArgumentException when no node computes it, or it is not one row of numbers for
   *     each image
   */
  static OnnxFlow logits(OnnxImport imported, String result) {
    if (imported.integers().are(result)) {
      throw new IllegalArgumentException(
          "expected output '" + result + "' of floats, behind a DequantizeLinear, found integers");
    }
    OnnxFlow output =
        imported
            .flow(result)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "expected a node that computes the output '" + result + "', found none"));
    Shape shape = imported.shape(output.value());
    List<Integer> flat = List.of(shape.size());
    if (!output.layout().isInFront()) {
      throw new IllegalArgumentException(
          "expected output '"
              + result
              + "' of shape (N, classes), found "
              + OnnxCall.described(imported.extents(output)));
    }
    boolean inOrder = output.layout().reshaped(flat).equals(OnnxLayout.first(shape).reshaped(flat));
    if (!inOrder) {
      throw new IllegalArgumentException(
          "expected output '" + result + "' of shape (N, classes), found channels last");
    }
    return output;
  }

  private static String listed(List<ValueInfoProto> outputs) {
    return outputs.stream()
        .map(
            output ->
                output.getType().getTensorType().getShape().getDimList().stream()
                    .map(OnnxOutput::extent)
                    .collect(Collectors.joining(", ", "'" + output.getName() + "' (", ")")))
        .collect(Collectors.joining(", "));
  }

  private static String extent(Dimension dimension) {
    return dimension.hasDimValue()
        ? Long.toString(dimension.getDimValue())
        : dimension.getDimParam().isEmpty() ? "?" : dimension.getDimParam();
  }

  /**
   * The Softmax or LogSoftmax over the classes, or the Sigmoid of each, from which the result
   * follows by nodes that compute nothing. One over other axes is a node like any other.
   *
   * @param readers how many nodes read each name
   */
  static Optional<NodeProto> ending(
      List<NodeProto> nodes, String result, Map<String, Integer> readers, int opset) {
    Map<String, NodeProto> producers = new HashMap<>();
    nodes.forEach(node -> node.getOutputList().forEach(name -> producers.put(name, node)));
    NodeProto node = producers.get(result);
    while (node != null
        && PASSING.contains(node.getOpType())
        && OnnxNodeReader.isStandard(node.getDomain())
        && node.getInputCount() > 0
        && readers.getOrDefault(node.getInput(0), 0) == 1) {
      node = producers.get(node.getInput(0));
    }
    return Optional.ofNullable(node).filter(last -> isOverClasses(last, opset));
  }

  private static boolean isOverClasses(NodeProto node, int opset) {
    if (!ENDINGS.containsKey(node.getOpType())
        || !OnnxNodeReader.isStandard(node.getDomain())
        || node.getInputCount() != 1) {
      return false;
    }
    long axis = axis(node, opset);
    return node.getOpType().equals("Sigmoid") || axis == 1 || axis == -1;
  }

  private static long axis(NodeProto node, int opset) {
    return node.getAttributeList().stream()
        .filter(attribute -> attribute.getName().equals("axis"))
        .mapToLong(AttributeProto::getI)
        .findFirst()
        .orElse(opset < 13 ? 1 : -1);
  }

  /**
   * Whether such a node is of all numbers of an image, each of them a class. A Sigmoid of one
   * number alone has no class beside it that could be the answer, and one that a graph of ours ends
   * in is an operation of it: these are nodes like any other.
   */
  static boolean isOfClasses(NodeProto node, OnnxImport imported) {
    Optional<OnnxFlow> x = imported.flow(node.getInput(0));
    boolean each = node.getOpType().equals("Sigmoid");
    return x.isEmpty()
        || (each
            ? imported.shape(x.get().value()).size() > 1 && !imported.isOwn()
            : isOverAll(node, x.get().layout(), imported.opset()));
  }

  /** What to say of the node that is not read. */
  static String leftOut(ImportedNetwork.Ending ending) {
    return " at the end is left out: what goes out are the logits before it"
        + (ending == ImportedNetwork.Ending.SIGMOID
            ? ", and the answer is the one class with the largest"
            : "");
  }

  private static boolean isOverAll(NodeProto softmax, OnnxLayout layout, int opset) {
    int rank = layout.rank();
    int axis = OnnxAxes.axis(axis(softmax, opset), rank);
    // Until opset 12 all axes from the named one on count as one.
    int last = opset < 13 ? rank - 1 : axis;
    for (int other = 0; other < rank; other++) {
      boolean within = other >= axis && other <= last;
      boolean more = !layout.all().get(other).isEmpty();
      if (more && within == layout.hasImages(other)) {
        return false;
      }
    }
    return true;
  }
}

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
  /** What may stand behind a Softmax at the end. */
  private static final Set<String> PASSING =
      Set.of("Identity", "Cast", "Flatten", "Reshape", "Squeeze");

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
   * The Softmax or LogSoftmax over the classes from which the result follows by nodes that compute
   * nothing. One over other axes is a node like any other.
   *
   * @param readers how many nodes read each name
   */
  static Optional<NodeProto> softmax(
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
    if (!node.getOpType().equals("Softmax") && !node.getOpType().equals("LogSoftmax")
        || !OnnxNodeReader.isStandard(node.getDomain())
        || node.getInputCount() != 1) {
      return false;
    }
    long axis = axis(node, opset);
    return axis == 1 || axis == -1;
  }

  private static long axis(NodeProto node, int opset) {
    return node.getAttributeList().stream()
        .filter(attribute -> attribute.getName().equals("axis"))
        .mapToLong(AttributeProto::getI)
        .findFirst()
        .orElse(opset < 13 ? 1 : -1);
  }

  /** Whether such a softmax is over all numbers of an image, each of them a class. */
  static boolean isOverAll(NodeProto softmax, OnnxLayout layout, int opset) {
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

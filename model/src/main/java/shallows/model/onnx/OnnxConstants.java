package shallows.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * The numbers that a file holds under a name: initializers and the values of Constant nodes. They
 * are decoded when a node asks for them, as a file may hold others, of types that we do not know.
 */
final class OnnxConstants {
  private final Map<String, TensorProto> stored = new LinkedHashMap<>();
  private final Map<String, Tensor> decoded = new HashMap<>();

  void add(String name, TensorProto tensor) {
    if (name.isEmpty() || stored.put(name, tensor) != null) {
      throw new IllegalArgumentException(
          "expected a name of its own for each tensor, found '" + name + "' again");
    }
  }

  /** Keeps the value of a Constant node under the name of the node's output. */
  void addConstant(NodeProto node) {
    if (node.getOutputCount() != 1 || node.getAttributeCount() != 1) {
      throw new IllegalArgumentException("expected one output and one attribute");
    }
    add(node.getOutput(0), constant(new OnnxAttributes(node), node.getAttribute(0).getName()));
  }

  private static TensorProto constant(OnnxAttributes attributes, String kind) {
    return switch (kind) {
      case "value" -> attributes.take(kind, AttributeType.TENSOR).orElseThrow().getT();
      case "value_float" ->
          OnnxTensors.floats("", new Tensor(Shape.of(), new float[] {attributes.number(kind, 0)}));
      case "value_ints" -> {
        AttributeProto integers = attributes.take(kind, AttributeType.INTS).orElseThrow();
        yield OnnxTensors.integers(
            "", integers.getIntsList().stream().mapToLong(Long::longValue).toArray());
      }
      default -> throw new IllegalArgumentException("unknown attribute " + kind);
    };
  }

  boolean contains(String name) {
    return stored.containsKey(name);
  }

  /** The float tensor of this name, which becomes a parameter of the graph. */
  Tensor parameter(String name) {
    Tensor tensor = decoded.get(name);
    if (tensor == null) {
      tensor = floats(name);
      decoded.put(name, tensor);
    }
    return tensor;
  }

  /**
   * Makes the transpose of the matrix of this name a parameter.
   *
   * @return the name of the transpose, as the matrix itself may have other readers
   */
  String transposed(String name) {
    String other = name + "/transposed";
    while (stored.containsKey(other)) {
      other += "_";
    }
    if (!decoded.containsKey(other)) {
      requireDimensions(name, 2);
      decoded.put(other, transpose(floats(name)));
    }
    return other;
  }

  private static Tensor transpose(Tensor matrix) {
    int rows = matrix.shape().dimension(0);
    int columns = matrix.shape().dimension(1);
    float[] values = new float[matrix.size()];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        values[column * rows + row] = matrix.values()[row * columns + column];
      }
    }
    return new Tensor(Shape.of(columns, rows), values);
  }

  /** The one number of a tensor that may be multiplied with any value and keeps its shape. */
  float scalar(String name) {
    requireDimensions(name, stored.get(name).getDimsCount() == 0 ? 0 : 1);
    requireCount(name, 1);
    return floats(name).values()[0];
  }

  /** The int64 vector of this name and of {@code count} elements. */
  long[] integers(String name, int count) {
    requireDimensions(name, 1);
    requireCount(name, count);
    try {
      return OnnxTensors.integers(required(name));
    } catch (IllegalArgumentException e) {
      throw in(name, e);
    }
  }

  private Tensor floats(String name) {
    try {
      return OnnxTensors.floats(required(name));
    } catch (IllegalArgumentException e) {
      throw in(name, e);
    }
  }

  private TensorProto required(String name) {
    TensorProto tensor = stored.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("expected a constant, found a computed value or nothing");
    }
    return tensor;
  }

  // Both look before anything is decoded: a large tensor may be named by many nodes.
  private void requireDimensions(String name, int expected) {
    int found = required(name).getDimsCount();
    if (found != expected) {
      throw new IllegalArgumentException(
          "expected tensor '" + name + "' with " + expected + " axes, found " + found);
    }
  }

  private void requireCount(String name, int expected) {
    for (long found : required(name).getDimsList()) {
      if (found != expected) {
        throw new IllegalArgumentException(
            "expected tensor '" + name + "' with " + expected + " elements, found " + found);
      }
    }
  }

  private static IllegalArgumentException in(String name, IllegalArgumentException e) {
    return new IllegalArgumentException("tensor '" + name + "': " + e.getMessage(), e);
  }

  /** The parameters that nodes asked for, in the order of the file, transposes behind them. */
  Map<String, Tensor> parameters() {
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    List<String> order = new ArrayList<>(stored.keySet());
    decoded.keySet().stream()
        .filter(name -> !stored.containsKey(name))
        .sorted()
        .forEach(order::add);
    for (String name : order) {
      if (decoded.containsKey(name)) {
        parameters.put(name, decoded.get(name));
      }
    }
    return parameters;
  }
}

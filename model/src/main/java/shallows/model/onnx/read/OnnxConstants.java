package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.OnnxTensors;

/**
 * The numbers that a file holds under a name: initializers and the values of Constant nodes, and
 * what is computed of those. They are decoded when a node asks for them, as a file may hold others,
 * of types that we do not know.
 */
final class OnnxConstants {
  private final OnnxTensorReader tensors;
  private final Map<String, TensorProto> stored = new LinkedHashMap<>();
  private final Map<String, String> aliases = new HashMap<>();
  private final Map<String, Tensor> decoded = new HashMap<>();
  private final Map<String, Tensor> computed = new LinkedHashMap<>();

  OnnxConstants(OnnxTensorReader tensors) {
    this.tensors = tensors;
  }

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
      case "value_floats" -> {
        AttributeProto numbers = attributes.take(kind, AttributeType.FLOATS).orElseThrow();
        float[] values = new float[numbers.getFloatsCount()];
        for (int i = 0; i < values.length; i++) {
          values[i] = numbers.getFloats(i);
        }
        yield OnnxTensors.floats("", Tensor.vector(values));
      }
      case "value_int" -> {
        AttributeProto integer = attributes.take(kind, AttributeType.INT).orElseThrow();
        yield OnnxTensors.integers("", new long[] {integer.getI()});
      }
      case "value_ints" -> {
        AttributeProto integers = attributes.take(kind, AttributeType.INTS).orElseThrow();
        yield OnnxTensors.integers(
            "", integers.getIntsList().stream().mapToLong(Long::longValue).toArray());
      }
      default -> throw new IllegalArgumentException("unknown attribute " + kind);
    };
  }

  boolean contains(String name) {
    return stored.containsKey(name) || computed.containsKey(name) || aliases.containsKey(name);
  }

  /** Lets another name stand for a constant. */
  void alias(String name, String constant) {
    requireNew(name);
    aliases.put(name, resolve(constant));
  }

  /** Keeps a computed constant. */
  void put(String name, Tensor value) {
    requireNew(name);
    computed.put(name, value);
  }

  private void requireNew(String name) {
    if (name.isEmpty() || contains(name)) {
      throw new IllegalArgumentException(
          "expected a name of its own for each value, found '" + name + "' again");
    }
  }

  /**
   * Keeps a computed constant under a name like {@code wish}.
   *
   * @return the name
   */
  String derived(String wish, Tensor value) {
    String name = wish;
    while (contains(name)) {
      name += "_";
    }
    computed.put(name, value);
    return name;
  }

  private String resolve(String name) {
    return aliases.getOrDefault(name, name);
  }

  boolean isInteger(String name) {
    TensorProto tensor = stored.get(resolve(name));
    return tensor != null && OnnxTensorReader.isInteger(tensor);
  }

  /** The extents of a constant, whatever its elements are. */
  long[] dimensions(String name) {
    Tensor known = computed.get(resolve(name));
    return known != null
        ? known.shape().dimensions().stream().mapToLong(Integer::longValue).toArray()
        : required(name).getDimsList().stream().mapToLong(Long::longValue).toArray();
  }

  /** The float tensor of this name, which becomes a parameter of the graph. */
  Tensor parameter(String name) {
    String constant = resolve(name);
    Tensor known = computed.getOrDefault(constant, decoded.get(constant));
    if (known == null) {
      known = decode(constant);
      decoded.put(constant, known);
    }
    return known;
  }

  /** The float tensor of this name, for computing another one. */
  Tensor floats(String name) {
    String constant = resolve(name);
    Tensor known = computed.getOrDefault(constant, decoded.get(constant));
    return known == null ? decode(constant) : known;
  }

  /**
   * Makes the transpose of the matrix of this name a constant.
   *
   * @return the name of the transpose, as the matrix itself may have other readers
   */
  String transposed(String name) {
    String matrix = resolve(name);
    if (dimensions(matrix).length != 2) {
      throw new IllegalArgumentException(
          "expected tensor '" + name + "' with 2 axes, found " + dimensions(matrix).length);
    }
    return permuted(matrix, new long[] {1, 0});
  }

  /** As {@link #transposed}, of any axes in a given order. */
  String permuted(String name, long[] order) {
    Tensor tensor = floats(name);
    if (order.length != tensor.shape().rank()) {
      throw new IllegalArgumentException(
          "expected an order of " + tensor.shape().rank() + " axes, found " + order.length);
    }
    return derived(resolve(name) + "/transposed", Permutation.of(tensor, order));
  }

  /** The same numbers in another shape. */
  String reshaped(String name, Shape shape) {
    return derived(resolve(name) + "/reshaped", new Tensor(shape, floats(name).values()));
  }

  /** The one number of a tensor. */
  float scalar(String name) {
    long size = 1;
    for (long extent : dimensions(name)) {
      size *= extent;
    }
    if (size != 1) {
      throw new IllegalArgumentException(
          "expected tensor '" + name + "' of one number, found " + size);
    }
    return floats(name).values()[0];
  }

  /** The integers of this name, in the order of the file. */
  long[] integers(String name) {
    try {
      return tensors.integers(required(resolve(name)));
    } catch (IllegalArgumentException e) {
      throw in(name, e);
    }
  }

  private Tensor decode(String name) {
    try {
      return tensors.floats(required(name));
    } catch (IllegalArgumentException e) {
      throw in(name, e);
    }
  }

  private TensorProto required(String name) {
    TensorProto tensor = stored.get(resolve(name));
    if (tensor == null) {
      throw new IllegalArgumentException("expected a constant, found a computed value or nothing");
    }
    return tensor;
  }

  private static IllegalArgumentException in(String name, IllegalArgumentException e) {
    return new IllegalArgumentException("tensor '" + name + "': " + e.getMessage(), e);
  }

  /** The name that a parameter has in the graph: one for all that stand for the same. */
  String canonical(String name) {
    return contains(name) ? resolve(name) : name;
  }

  /** The constants among these names, in the order of the file, computed ones behind them. */
  Map<String, Tensor> parameters(Set<String> used) {
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    List<String> order = new ArrayList<>(stored.keySet());
    computed.keySet().stream().sorted().forEach(order::add);
    for (String name : order) {
      if (used.contains(name)) {
        parameters.put(name, parameter(name));
      }
    }
    return parameters;
  }
}

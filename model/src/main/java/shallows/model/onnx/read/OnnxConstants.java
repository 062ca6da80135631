package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.constant.Constant;
import shallows.model.onnx.constant.ElementTypes;
import shallows.model.onnx.constant.OnnxAttributes;
import shallows.model.onnx.constant.OnnxTensorReader;

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
  private final Map<String, Constant> computed = new LinkedHashMap<>();
  private final OnnxRoundedConstants rounded = new OnnxRoundedConstants();

  OnnxConstants(OnnxTensorReader tensors) {
    this.tensors = tensors;
  }

  void add(String name, TensorProto tensor) {
    requireNew(name);
    stored.put(name, tensor);
  }

  /** Keeps a tensor of which only some values are stored. */
  void add(SparseTensorProto tensor) {
    String name = tensor.getValues().getName();
    try {
      put(name, tensors.read(tensor));
    } catch (IllegalArgumentException e) {
      throw in(name, e);
    }
  }

  /** Keeps the value of a Constant node under the name of the node's output. */
  void addConstant(NodeProto node) {
    if (node.getOutputCount() != 1 || node.getAttributeCount() != 1) {
      throw new IllegalArgumentException("expected one output and one attribute");
    }
    String name = node.getOutput(0);
    String kind = node.getAttribute(0).getName();
    OnnxAttributes attributes = new OnnxAttributes(node);
    if (kind.equals("value")) {
      add(name, attributes.take(kind, AttributeType.TENSOR).orElseThrow().getT());
    } else {
      put(name, OnnxConstantNode.value(attributes, kind, tensors));
    }
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
  void put(String name, Constant value) {
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
    return derived(wish, Constant.of(value));
  }

  private String derived(String wish, Constant value) {
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

  /** Whether this is a constant of integers that may count or name axes. */
  boolean isInteger(String name) {
    Constant known = computed.get(resolve(name));
    TensorProto tensor = stored.get(resolve(name));
    return known != null
        ? known.type() == DataType.INT64 || known.type() == DataType.INT32
        : tensor != null && OnnxTensorReader.isInteger(tensor);
  }

  /** Whether this is a constant of numbers of single or half precision. */
  boolean isSingle(String name) {
    Constant known = computed.get(resolve(name));
    return ElementTypes.isSingle(
        known != null ? known.type().getNumber() : required(name).getDataType());
  }

  /** The extents of a constant, whatever its elements are. */
  long[] dimensions(String name) {
    Constant known = computed.get(resolve(name));
    return known != null
        ? Arrays.stream(known.extents()).asLongStream().toArray()
        : required(name).getDimsList().stream().mapToLong(Long::longValue).toArray();
  }

  /** The constant of this name, whatever its elements are. */
  Constant constant(String name) {
    String constant = resolve(name);
    Constant known = computed.get(constant);
    if (known == null && decoded.containsKey(constant)) {
      known = Constant.of(decoded.get(constant));
    }
    return known != null ? known : decode(constant);
  }

  /** The float tensor of this name, which becomes a parameter of the graph. */
  Tensor parameter(String name) {
    Tensor tensor = floats(name);
    String constant = resolve(name);
    if (!computed.containsKey(constant)) {
      decoded.put(constant, tensor);
    }
    return tensor;
  }

  /** The float tensor of this name, for computing another one. */
  Tensor floats(String name) {
    Tensor known = decoded.get(resolve(name));
    if (known != null) {
      return known;
    }
    try {
      return constant(name).tensor();
    } catch (IllegalArgumentException e) {
      throw in(name, e);
    }
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
    String result = derived(resolve(name) + "/transposed", Permutation.transposed(floats(name)));
    rounded.transposed(matrix, 2, result);
    return result;
  }

  /** The same numbers in another shape. */
  String reshaped(String name, Shape shape) {
    String result = derived(resolve(name) + "/reshaped", floats(name).reshaped(shape));
    rounded.reshaped(resolve(name), dimensions(name), result, dimensions(result));
    return result;
  }

  /**
   * Notes that a constant is made of integers.
   *
   * @param axis that the scales lie along, where there are several
   * @param symmetric whether the integers have no zero point
   */
  void putRounded(String name, float[] scales, int axis, boolean symmetric) {
    rounded.put(resolve(name), scales, axis, symmetric);
  }

  /** The same of a constant that this node gives the axes of another one. */
  void moveRounded(NodeProto node) {
    String from = resolve(node.getInput(0));
    String to = resolve(node.getOutput(0));
    if (node.getOpType().equals("Transpose")) {
      rounded.transposed(from, dimensions(from).length, new OnnxAttributes(node), to);
    } else {
      rounded.reshaped(from, dimensions(from), to, dimensions(to));
    }
  }

  /** The integers that a weight (O, …) is made of, if it is, with a scale for each output. */
  Optional<StoredIntegers.Weights> rounded(String weight) {
    return rounded.ofOutputs(resolve(weight));
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
      return constant(name).integers();
    } catch (IllegalArgumentException e) {
      throw in(name, e);
    }
  }

  private Constant decode(String name) {
    TensorProto tensor = required(name);
    try {
      return tensors.read(tensor);
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
    String prefix = "tensor '" + name + "': ";
    return String.valueOf(e.getMessage()).startsWith(prefix)
        ? e
        : new IllegalArgumentException(prefix + e.getMessage(), e);
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

package shallows.model.onnx.constant;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/** One node whose inputs are constants. */
final class ConstantCall {
  private final NodeProto node;
  private final List<Constant> inputs;
  private final OnnxAttributes attributes;
  private final int opset;

  /**
   * @param inputs null for optional ones that are not there
   */
  ConstantCall(NodeProto node, List<Constant> inputs, int opset) {
    this.node = node;
    this.inputs = inputs;
    this.opset = opset;
    this.attributes = new OnnxAttributes(node);
  }

  OnnxAttributes attributes() {
    return attributes;
  }

  int opset() {
    return opset;
  }

  int outputs() {
    return node.getOutputCount();
  }

  /** As many as there are, at least one and none left out. */
  List<Constant> all() {
    if (inputs.isEmpty() || inputs.stream().anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException("expected all inputs, found some left out");
    }
    return inputs;
  }

  boolean has(int index) {
    return index < inputs.size() && inputs.get(index) != null;
  }

  Constant input(int index) {
    if (!has(index)) {
      throw new IllegalArgumentException(
          "expected at least " + (index + 1) + " inputs, found " + inputs.size());
    }
    return inputs.get(index);
  }

  /** An attribute in older opsets, an input in newer ones. */
  Optional<long[]> integers(String attribute, int index) {
    Optional<long[]> given = attributes.integers(attribute);
    return given.isPresent() || !has(index) ? given : Optional.of(input(index).integers());
  }

  /** The axes that are named, counted from the front; empty where none are. */
  Optional<int[]> axes(int index, int rank) {
    return integers("axes", index)
        .map(axes -> Arrays.stream(axes).mapToInt(axis -> axis(axis, rank)).toArray());
  }

  /** An axis counted from the end where it is negative. */
  static int axis(long axis, int rank) {
    long counted = axis < 0 ? axis + rank : axis;
    if (counted < 0 || counted >= rank) {
      throw new IllegalArgumentException("expected an axis of " + rank + ", found " + axis);
    }
    return (int) counted;
  }

  int axisOf(int fallback, int rank) {
    return axis(attributes.signed("axis", fallback), rank);
  }

  /** The element type that an attribute names. */
  DataType type(String attribute, DataType fallback) {
    int number = attributes.integer(attribute, fallback.getNumber());
    DataType type = DataType.forNumber(number);
    if (type == null || type == DataType.STRING || type == DataType.UNDEFINED) {
      throw new IllegalArgumentException("expected elements of a known type, found " + number);
    }
    return type;
  }

  /** The one tensor of an attribute. */
  Optional<AttributeProto> tensor(String attribute) {
    return attributes.take(attribute, AttributeType.TENSOR);
  }

  /** What broadcasting makes of all shapes. */
  int[] common(Constant... all) {
    int rank = Arrays.stream(all).mapToInt(Constant::rank).max().orElse(0);
    return IntStream.range(0, rank)
        .map(
            axis ->
                Arrays.stream(all)
                    .filter(each -> axis >= rank - each.rank())
                    .mapToInt(each -> each.extent(axis - (rank - each.rank())))
                    .filter(extent -> extent != 1)
                    .findFirst()
                    .orElse(1))
        .toArray();
  }

  /** Extents that a file asks for. */
  static int[] extents(long[] asked) {
    int[] extents = new int[asked.length];
    for (int i = 0; i < asked.length; i++) {
      if (asked[i] < 0 || asked[i] > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "expected extents of at least 0, found " + Arrays.toString(asked));
      }
      extents[i] = (int) asked[i];
    }
    return extents;
  }
}

package shallows.export.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import shallows.export.quantize.PackedBits;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * Constants and nodes that unpack weights: the bits of a byte are looked up in a table of 256 rows
 * of eight signs, or its halves in one of two integers, and the rows are brought into the shape of
 * the weight. Of floats they are then multiplied by α; of bytes α is the scale.
 *
 * <pre>
 *   bits (n/8) → Cast → Gather (n/8, 8) → Reshape (O, I/g, kH, kW) [ → Cast → Mul α (O, 1, 1, 1) ]
 * </pre>
 */
public final class OnnxUnpacking {
  private static final String PREFIX = "unpack/";
  private static final String TABLE = PREFIX + "table";
  private static final String NIBBLES = PREFIX + "nibbles";
  private static final String START = PREFIX + "start";
  private static final String FLAT = PREFIX + "flat";

  private final Map<String, TensorProto> constants = new LinkedHashMap<>();
  private final List<NodeProto> nodes = new ArrayList<>();
  private int weights;

  /** What the nodes read. */
  public Collection<TensorProto> constants() {
    return constants.values();
  }

  /** In the order of computation. */
  public List<NodeProto> nodes() {
    return nodes;
  }

  /** Makes the value {@code name}, from bits, in the place of an initializer of that name. */
  void addFloats(String name, Tensor weight) {
    PackedBits packed = PackedBits.of(weight);
    String step = nextStep();
    String signs = signs(step, name, step + "shaped", packed, weight.shape());
    String floats = node("Cast", step + "floats", List.of(signs), OnnxParts.to(DataType.FLOAT));
    ByteBuffer factors = OnnxParts.littleEndian(packed.scales());
    String scales =
        constant(name + "/scales", DataType.FLOAT, factors, packed.scales().length, 1, 1, 1);
    node("Mul", name, List.of(floats, scales));
  }

  /** Makes the value {@code name} of bytes ±1, likewise. */
  public void addSigns(String name, Tensor weight) {
    signs(nextStep(), name, name, PackedBits.of(weight), weight.shape());
  }

  /**
   * Makes the value {@code name} of bytes that four bits hold.
   *
   * @param values in [−8, 7], an even number
   */
  void addNibbles(String name, byte[] values, Shape shape) {
    byte[] pairs = new byte[values.length / 2];
    for (int i = 0; i < values.length; i++) {
      pairs[i / 2] |= (byte) ((values[i] & 15) << 4 * (i % 2));
    }
    byte[] table = new byte[2 * PackedBits.BYTE_VALUES];
    for (int i = 0; i < table.length; i++) {
      // The sign of four bits, brought to that of eight.
      table[i] = (byte) ((byte) (i / 2 >> 4 * (i % 2) << 4) >> 4);
    }
    unpacked(nextStep(), name, constant(name + "/pairs", pairs), table(NIBBLES, table, 2), shape);
  }

  /** Names of what is between are short: there are some a weight, and they count in the file. */
  private String nextStep() {
    return PREFIX + weights++ + "/";
  }

  private String signs(String step, String name, String target, PackedBits packed, Shape shape) {
    String table = table(TABLE, PackedBits.table(), PackedBits.PER_BYTE);
    return unpacked(step, target, constant(name + "/bits", packed.bits()), table, shape);
  }

  /** One byte a number and a Cast, since the table counts in a file of some ten kilobytes. */
  private String table(String name, byte[] numbers, int perByte) {
    return constant(name, DataType.INT8, ByteBuffer.wrap(numbers), PackedBits.BYTE_VALUES, perByte);
  }

  private String constant(String name, byte[] bytes) {
    return constant(name, DataType.UINT8, ByteBuffer.wrap(bytes), bytes.length);
  }

  private String unpacked(String step, String target, String bytes, String table, Shape shape) {
    String rows = node("Cast", step + "rows", List.of(bytes), OnnxParts.to(DataType.INT32));
    String signs =
        node("Gather", step + "signs", List.of(table, rows), OnnxParts.integer("axis", 0));
    if (table.equals(TABLE) && shape.size() % PackedBits.PER_BYTE != 0) {
      signs = withoutFilling(step, signs, shape.size());
    }
    long[] extents = shape.dimensions().stream().mapToLong(Integer::longValue).toArray();
    String shapeName =
        PREFIX + Arrays.stream(extents).mapToObj(String::valueOf).collect(Collectors.joining("x"));
    return node("Reshape", target, List.of(signs, longs(shapeName, extents)));
  }

  private String withoutFilling(String step, String signs, int size) {
    String flat = node("Reshape", step + "flat", List.of(signs, longs(FLAT, -1)));
    String end = longs(PREFIX + size, size);
    return node("Slice", step + "filled", List.of(flat, longs(START, 0), end));
  }

  private String node(
      String operator, String output, List<String> inputs, AttributeProto... attributes) {
    nodes.add(OnnxParts.node(operator, output, inputs, attributes));
    return output;
  }

  /** Adds integers, or finds them: what is named by its value is there once. */
  private String longs(String name, long... values) {
    ByteBuffer bytes = OnnxParts.littleEndian(values.length * Long.BYTES);
    bytes.asLongBuffer().put(values);
    return constant(name, DataType.INT64, bytes, values.length);
  }

  private String constant(String name, DataType type, ByteBuffer bytes, int... dimensions) {
    constants.put(name, OnnxParts.constant(name, type, Shape.of(dimensions), bytes));
    return name;
  }
}

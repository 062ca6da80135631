package shallows.export.unpack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The operators that unpack filters, computed as TFLite's kernels compute them:
 *
 * <pre>  bits (n) → CAST → GATHER (256, 8) → RESHAPE (O, kH, kW, I) [ → MUL α (O, 1, 1, 1) ]</pre>
 *
 * <p>What is asked of one in another way than there is left to the runtime.
 */
final class ConstantOperator {
  // Of TFLite's BuiltinOperator.
  private static final int MUL = 18;
  private static final int RESHAPE = 22;
  private static final int GATHER = 36;
  private static final int CAST = 53;

  private final int code;
  private final Constant[] inputs;
  private final FlatTable options;
  private final int type;
  private final int[] shape;

  /**
   * @param code of {@code BuiltinOperator}
   * @param inputs all of them, at least one
   * @param options null where there are none
   * @param type of the output
   * @param shape of the output
   */
  ConstantOperator(int code, Constant[] inputs, FlatTable options, int type, int[] shape) {
    this.code = code;
    this.inputs = inputs;
    this.options = options;
    this.type = type;
    this.shape = shape;
  }

  /** Whether {@link #output} is this operator's result. */
  boolean isKnown() {
    Constant first = inputs[0];
    return switch (code) {
      case CAST ->
          inputs.length == 1
              && (first.type() == Constant.UINT8 || first.type() == Constant.INT8)
              && (type == Constant.INT32 || type == Constant.FLOAT32)
              && Arrays.equals(shape, first.shape());
      case GATHER ->
          inputs.length == 2
              && type == first.type()
              && inputs[1].type() == Constant.INT32
              && options != null
              && options.number(0, 0) == 0
              && options.number(1, 0) == 0
              && Arrays.equals(shape, gathered());
      case RESHAPE ->
          type == first.type()
              && Constant.elements(shape) == first.elements()
              && (inputs.length == 1 || inputs.length == 2 && isShape(inputs[1]));
      case MUL ->
          inputs.length == 2
              && type == Constant.FLOAT32
              && first.type() == type
              && inputs[1].type() == type
              && options != null
              && options.octet(0, 0) == 0
              && shape.length > 0
              && Arrays.equals(shape, first.shape())
              && Arrays.equals(inputs[1].shape(), ofEach(shape));
      default -> false;
    };
  }

  /** How many bytes {@link #output} allocates. */
  long bytes() {
    return code == RESHAPE
        ? 0
        : Math.multiplyExact(Constant.elements(shape), (long) Constant.elementBytes(type));
  }

  /**
   * What it computes, if it is known.
   *
   * @throws IndexOutOfBoundsException where a row is gathered that is not there
   */
  Constant output() {
    if (code == RESHAPE) {
      return new Constant(type, shape, inputs[0].bytes(), inputs[0].from());
    }
    byte[] output = new byte[Math.toIntExact(bytes())];
    switch (code) {
      case CAST -> cast(output);
      case GATHER -> gather(output);
      default -> multiply(output);
    }
    return new Constant(type, shape, output, 0);
  }

  private void cast(byte[] output) {
    ByteBuffer out = ByteBuffer.wrap(output).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < inputs[0].elements(); i++) {
      int value = inputs[0].octet(i);
      int integer = inputs[0].type() == Constant.UINT8 ? value & 0xff : value;
      if (type == Constant.INT32) {
        out.putInt(i * Integer.BYTES, integer);
      } else {
        out.putFloat(i * Float.BYTES, integer);
      }
    }
  }

  private void gather(byte[] output) {
    Constant table = inputs[0];
    int rows = table.shape()[0];
    int rowBytes = table.size() / rows;
    ByteBuffer indices = inputs[1].values();
    for (int i = 0; i < inputs[1].elements(); i++) {
      int row = inputs[1].integer(indices, i);
      if (row < 0 || row >= rows) {
        throw new IndexOutOfBoundsException("row " + row + " of " + rows);
      }
      System.arraycopy(
          table.bytes(), table.from() + row * rowBytes, output, i * rowBytes, rowBytes);
    }
  }

  private void multiply(byte[] output) {
    ByteBuffer out = ByteBuffer.wrap(output).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer signs = inputs[0].values();
    ByteBuffer factors = inputs[1].values();
    int each = inputs[0].elements() / shape[0];
    for (int i = 0; i < inputs[0].elements(); i++) {
      float product = inputs[0].number(signs, i) * inputs[1].number(factors, i / each);
      out.putFloat(i * Float.BYTES, product);
    }
  }

  /** The shape of rows of the first input, one for each of the second. */
  private int[] gathered() {
    int[] table = inputs[0].shape();
    int[] indices = inputs[1].shape();
    if (table.length == 0) {
      return null;
    }
    int[] rows = Arrays.copyOf(indices, indices.length + table.length - 1);
    System.arraycopy(table, 1, rows, indices.length, table.length - 1);
    return rows;
  }

  private boolean isShape(Constant asked) {
    if (asked.type() != Constant.INT32 || asked.elements() != shape.length) {
      return false;
    }
    ByteBuffer values = asked.values();
    for (int axis = 0; axis < shape.length; axis++) {
      if (asked.integer(values, axis) != shape[axis]) {
        return false;
      }
    }
    return true;
  }

  /** The shape of one factor for each index of the first axis. */
  private static int[] ofEach(int[] shape) {
    int[] each = new int[shape.length];
    Arrays.fill(each, 1);
    if (each.length > 0) {
      each[0] = shape[0];
    }
    return each;
  }
}

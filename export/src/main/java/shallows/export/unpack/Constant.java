package shallows.export.unpack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The content of a tensor that is the same at every run.
 *
 * @param type of TFLite's {@code TensorType}
 * @param shape its extents, each at least 1
 * @param bytes of which it may be a part
 * @param from where its first element is
 */
record Constant(int type, int[] shape, byte[] bytes, int from) {
  static final int FLOAT32 = 0;
  static final int INT32 = 2;
  static final int UINT8 = 3;
  static final int INT8 = 9;

  /** The bytes of an element, 0 of a type that nothing here is unpacked from or to. */
  static int elementBytes(int type) {
    return switch (type) {
      case FLOAT32, INT32 -> 4;
      case UINT8, INT8 -> 1;
      default -> 0;
    };
  }

  /** The number of elements. */
  static long elements(int[] shape) {
    long elements = 1;
    for (int extent : shape) {
      if (extent < 1) {
        throw new ArithmeticException("a tensor of shape " + Arrays.toString(shape));
      }
      elements = Math.multiplyExact(elements, (long) extent);
    }
    return elements;
  }

  int elements() {
    return (int) elements(shape);
  }

  int size() {
    return elements() * elementBytes(type);
  }

  byte octet(int index) {
    return bytes[from + index];
  }

  ByteBuffer values() {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  int integer(ByteBuffer values, int index) {
    return values.getInt(from + index * Integer.BYTES);
  }

  float number(ByteBuffer values, int index) {
    return values.getFloat(from + index * Float.BYTES);
  }

  /** Its own bytes alone. */
  byte[] content() {
    return from == 0 && bytes.length == size()
        ? bytes
        : Arrays.copyOfRange(bytes, from, from + size());
  }
}

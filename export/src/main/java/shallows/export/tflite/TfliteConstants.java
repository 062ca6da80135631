package shallows.export.tflite;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import shallows.model.graph.Tensor;
import shallows.model.onnx.FloatBytes;

/**
 * The constants of a TFLite file, each a vector of bytes: its length, and then the bytes, which
 * begin where kernels that load four floats at once, and XNNPACK with them, want them to.
 */
final class TfliteConstants {
  static final int ALIGNMENT = 16;

  private final List<Constant> all = new ArrayList<>();
  private int size;

  /** Writes bytes, as many as it has. */
  @FunctionalInterface
  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private record Constant(int place, int length, Content content) {}

  /**
   * @param littleEndian all of the buffer; not to be written to from now on
   * @return where the vector begins
   */
  int add(ByteBuffer littleEndian) {
    byte[] bytes = littleEndian.array();
    return add(bytes.length, out -> out.write(bytes));
  }

  /**
   * @return where the vector begins
   */
  int add(Tensor tensor) {
    return add(
        Math.multiplyExact(tensor.size(), Float.BYTES), out -> FloatBytes.write(tensor, out));
  }

  private int add(int length, Content content) {
    int start = Math.addExact(size, Integer.BYTES + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    all.add(new Constant(start - Integer.BYTES, length, content));
    size = Math.addExact(start, length);
    return start - Integer.BYTES;
  }

  /** Bytes of all of them. */
  int size() {
    return size;
  }

  void writeTo(OutputStream out) throws IOException {
    int at = 0;
    for (Constant constant : all) {
      out.write(new byte[constant.place() - at]);
      out.write(
          ByteBuffer.allocate(Integer.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt(constant.length())
              .array());
      constant.content().writeTo(out);
      at = constant.place() + Integer.BYTES + constant.length();
    }
  }
}

package shallows.export.tflite;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.graph.Tensor;
import shallows.model.onnx.FloatBytes;

/**
 * The large constants of a TFLite file, each a vector of bytes: its length, and then the bytes,
 * which begin where kernels that load four floats at once, and XNNPACK with them, want them to.
 */
final class TfliteConstants {
  static final int ALIGNMENT = 16;

  /** All numbers of a network in bytes: readers of the format count with 31 bits. */
  static final long MOST_BYTES = 1L << 30;

  private final String network;
  private final List<Constant> all = new ArrayList<>();
  private int size;

  /**
   * @param network its name, for messages
   */
  TfliteConstants(String network) {
    this.network = network;
  }

  /**
   * @throws BadInputException when a file cannot have so many bytes
   */
  static void requireFits(String network, long bytes) {
    if (bytes > MOST_BYTES) {
      throw new BadInputException(
          network,
          "a network of at most 1 GB to write as a TFLite file",
          bytes + " bytes",
          Phrase.of("write it as ONNX alone"));
    }
  }

  /**
   * Likewise, of these constants and so many bytes of other ones.
   *
   * @throws BadInputException as above
   */
  void requireRoomFor(long bytes) {
    requireFits(network, size + bytes);
  }

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
    return add(tensor.size() * (long) Float.BYTES, out -> FloatBytes.write(tensor, out));
  }

  /** Several layers may read one weight in forms of their own. */
  private int add(long length, Content content) {
    int start = (size + Integer.BYTES + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    requireFits(network, start + length);
    all.add(new Constant(start - Integer.BYTES, (int) length, content));
    size = start + (int) length;
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

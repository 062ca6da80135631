package shallows.model.onnx;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import shallows.model.graph.Tensor;

/** The numbers of a tensor as files have them: four bytes each, little-endian. */
public final class FloatBytes {
  /** Numbers that are written at once. */
  private static final int PART = 1 << 14;

  private FloatBytes() {}

  /**
   * Writes them all, a few at a time.
   *
   * @throws IOException when {@code out} does
   */
  public static void write(Tensor tensor, OutputStream out) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.min(tensor.size(), PART) * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    try {
      tensor.parts(part -> write(part, bytes, out));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void write(FloatBuffer part, ByteBuffer bytes, OutputStream out) {
    try {
      while (part.hasRemaining()) {
        int count = Math.min(part.remaining(), bytes.capacity() / Float.BYTES);
        bytes.asFloatBuffer().put(part.slice(part.position(), count));
        part.position(part.position() + count);
        out.write(bytes.array(), 0, count * Float.BYTES);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

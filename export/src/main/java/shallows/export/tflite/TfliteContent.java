package shallows.export.tflite;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * A TFLite file that is ready to be written.
 *
 * @param tables what leads to the constants
 * @param constants behind them
 * @param archive behind those
 */
record TfliteContent(ByteBuffer tables, TfliteConstants constants, byte[] archive) {
  /** In bytes. */
  int size() {
    return Math.addExact(tables.remaining() + archive.length, constants.size());
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(tables.array(), tables.arrayOffset() + tables.position(), tables.remaining());
    constants.writeTo(out);
    out.write(archive);
  }

  /** All of it in memory. */
  byte[] bytes() {
    ByteBuffer all = ByteBuffer.allocate(size());
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int value) {
            all.put((byte) value);
          }

          @Override
          public void write(byte[] bytes, int from, int count) {
            all.put(bytes, from, count);
          }
        };
    try {
      writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory fails", e);
    }
    return all.array();
  }
}

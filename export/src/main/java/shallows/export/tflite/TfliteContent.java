package shallows.export.tflite;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * A TFLite model that is ready to be written.
 *
 * @param tables what leads to the constants
 * @param constants behind them
 */
record TfliteContent(ByteBuffer tables, TfliteConstants constants) {
  /** In bytes. */
  int size() {
    return Math.addExact(tables.remaining(), constants.size());
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(tables.array(), tables.arrayOffset() + tables.position(), tables.remaining());
    constants.writeTo(out);
  }
}

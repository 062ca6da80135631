package shallows.train.tensorboard;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A protobuf message under construction: each field is a tag, 8 · number + wire type, and its value
 * (protobuf's "Encoding" page). The five kinds of field here are all that an event needs.
 */
final class ProtobufMessage {
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED_32 = 5;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  ProtobufMessage integer(int number, long value) {
    tag(number, VARINT);
    varint(value);
    return this;
  }

  ProtobufMessage floating(int number, float value) {
    tag(number, FIXED_32);
    bytes.writeBytes(littleEndian(Float.BYTES).putFloat(value).array());
    return this;
  }

  ProtobufMessage floating(int number, double value) {
    tag(number, FIXED_64);
    bytes.writeBytes(littleEndian(Double.BYTES).putDouble(value).array());
    return this;
  }

  ProtobufMessage text(int number, String value) {
    return delimited(number, value.getBytes(StandardCharsets.UTF_8));
  }

  ProtobufMessage message(int number, ProtobufMessage value) {
    return delimited(number, value.bytes());
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  private ProtobufMessage delimited(int number, byte[] value) {
    tag(number, LENGTH_DELIMITED);
    varint(value.length);
    bytes.writeBytes(value);
    return this;
  }

  private void tag(int number, int wireType) {
    varint(number << 3 | wireType);
  }

  /** Seven bits a byte, the lowest first; the eighth says that more follow. */
  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }

  private static ByteBuffer littleEndian(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}

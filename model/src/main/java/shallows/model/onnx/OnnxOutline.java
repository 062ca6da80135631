package shallows.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import shallows.model.file.FileKind;

/**
 * An ONNX file without its large constants, so that reading it takes no memory for them: they are
 * declared as lying in another file, which is this one. Whoever reads constants of other files, as
 * ONNX Runtime does too, finds them there.
 *
 * @param content an ONNX model; the file as it is where there is nothing to be left out
 * @param isParted whether constants were left out, for which one needs the file
 */
public record OnnxOutline(byte[] content, boolean isParted) {
  /** Bytes of a constant that is left out. */
  public static final int LEAST = 1 << 20;

  /** Of what stays: a file whose weights are all elsewhere is better read at once. */
  private static final int MOST_KEPT = 1 << 26;

  private static final int HEAD = 1 << 16;

  private static final int GRAPH = delimited(ModelProto.GRAPH_FIELD_NUMBER);
  private static final int INITIALIZER = delimited(GraphProto.INITIALIZER_FIELD_NUMBER);
  private static final int RAW_DATA = delimited(TensorProto.RAW_DATA_FIELD_NUMBER);

  private static int delimited(int field) {
    return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  /**
   * @param file of less than 2 GB, an ONNX model or anything else, which is not looked into then
   * @throws IOException when it cannot be read
   */
  public static OnnxOutline of(Path file) throws IOException {
    if (Files.size(file) > LEAST && !isOfAnotherKind(file)) {
      try (InputStream in = Files.newInputStream(file)) {
        Parting parting = new Parting(file.getFileName().toString());
        byte[] content = parting.model(CodedInputStream.newInstance(in));
        if (parting.parted) {
          return new OnnxOutline(content, true);
        }
      } catch (InvalidProtocolBufferException e) {
        // Whoever parses all of it says what is wrong.
      }
    }
    return new OnnxOutline(Files.readAllBytes(file), false);
  }

  private static boolean isOfAnotherKind(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return FileKind.of(in.readNBytes(HEAD)).isPresent();
    }
  }

  /** Copies a message field by field. */
  private static final class Parting {
    private final String location;
    private boolean parted;

    Parting(String location) {
      this.location = location;
    }

    byte[] model(CodedInputStream in) throws IOException {
      in.setSizeLimit(Integer.MAX_VALUE);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      boolean seen = false;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag != GRAPH) {
          copy(tag, in, out, bytes);
          continue;
        }
        if (seen) {
          throw new InvalidProtocolBufferException("a graph in two parts");
        }
        seen = true;
        int end = in.pushLimit(in.readRawVarint32());
        out.writeByteArray(ModelProto.GRAPH_FIELD_NUMBER, graph(in));
        in.popLimit(end);
      }
      out.flush();
      return bytes.toByteArray();
    }

    private byte[] graph(CodedInputStream in) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag != INITIALIZER) {
          copy(tag, in, out, bytes);
          continue;
        }
        int length = in.readRawVarint32();
        int end = in.pushLimit(length);
        out.writeByteArray(
            GraphProto.INITIALIZER_FIELD_NUMBER,
            length < LEAST ? inside(in.readRawBytes(length)) : tensor(in));
        in.popLimit(end);
      }
      out.flush();
      return bytes.toByteArray();
    }

    /** A small one, which must not lie in another file: that may be beside a link to this one. */
    private static byte[] inside(byte[] tensor) throws IOException {
      if (TensorProto.parseFrom(tensor).getExternalDataCount() > 0) {
        throw new InvalidProtocolBufferException("constants in other files");
      }
      return tensor;
    }

    private byte[] tensor(CodedInputStream in) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      boolean elsewhere = false;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        int field = WireFormat.getTagFieldNumber(tag);
        if (tag != RAW_DATA) {
          // Then all are in other files, or it is said twice where this one is.
          if (field == TensorProto.EXTERNAL_DATA_FIELD_NUMBER
              || field == TensorProto.DATA_LOCATION_FIELD_NUMBER) {
            throw new InvalidProtocolBufferException("constants in other files");
          }
          copy(tag, in, out, bytes);
          continue;
        }
        int length = in.readRawVarint32();
        if (elsewhere) {
          throw new InvalidProtocolBufferException("a constant in two parts");
        }
        elsewhere = true;
        entry(out, "location", location);
        entry(out, "offset", String.valueOf(in.getTotalBytesRead()));
        entry(out, "length", String.valueOf(length));
        out.writeEnum(
            TensorProto.DATA_LOCATION_FIELD_NUMBER, TensorProto.DataLocation.EXTERNAL_VALUE);
        in.skipRawBytes(length);
      }
      parted |= elsewhere;
      out.flush();
      return bytes.toByteArray();
    }

    private static void entry(CodedOutputStream out, String key, String value) throws IOException {
      out.writeMessage(
          TensorProto.EXTERNAL_DATA_FIELD_NUMBER,
          StringStringEntryProto.newBuilder().setKey(key).setValue(value).build());
    }

    private static void copy(
        int tag, CodedInputStream in, CodedOutputStream out, ByteArrayOutputStream bytes)
        throws IOException {
      int field = WireFormat.getTagFieldNumber(tag);
      switch (WireFormat.getTagWireType(tag)) {
        case WireFormat.WIRETYPE_VARINT -> out.writeUInt64(field, in.readUInt64());
        case WireFormat.WIRETYPE_FIXED32 -> out.writeFixed32(field, in.readFixed32());
        case WireFormat.WIRETYPE_FIXED64 -> out.writeFixed64(field, in.readFixed64());
        case WireFormat.WIRETYPE_LENGTH_DELIMITED -> out.writeByteArray(field, in.readByteArray());
        default -> throw new InvalidProtocolBufferException("a field of an old kind");
      }
      if (bytes.size() > MOST_KEPT) {
        throw new InvalidProtocolBufferException("much besides constants");
      }
    }
  }
}

package shallows.train.checkpoint;

import com.google.gson.annotations.SerializedName;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import shallows.model.BadInputException;
import shallows.model.Expect;
import shallows.model.file.AtomicFile;
import shallows.model.file.IoReason;
import shallows.model.file.RegularFile;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.json.JsonFormat;
import shallows.model.json.Others;

/**
 * Writes and reads safetensors files of 32-bit floats: 8 bytes with the length of the header
 * (little endian), the header in JSON, and the tensors one after another. The header maps each name
 * to {@code dtype}, {@code shape} and {@code data_offsets}, and {@code __metadata__} to texts;
 * among those is a CRC-32 of all the rest, which the format itself does without.
 *
 * <p>Tensors pass through a small buffer, so that a large network needs no second copy of itself.
 */
final class SafeTensors {
  static final String WAY_OUT =
      "delete it, and training goes on from the checkpoint before it, or from the beginning";
  private static final String METADATA = "__metadata__";
  private static final String CHECKSUM = "crc32";
  private static final String UNKNOWN = "00000000";
  private static final int BUFFER_FLOATS = 1 << 14;

  /** A tensor in the header. */
  record Description(
      String dtype, List<Integer> shape, @SerializedName("data_offsets") List<Long> offsets) {
    Description {
      Expect.require("F32".equals(dtype), "dtype", "F32", dtype);
    }
  }

  record Header(
      @SerializedName(METADATA) Map<String, String> metadata,
      @Others Map<String, Description> tensors) {}

  private static final JsonFormat<Header> HEADER = new JsonFormat<>(Header.class, "header", null);

  private SafeTensors() {}

  static void write(Path file, State content) {
    long offset = 0;
    Map<String, Object> header = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> entry : content.tensors().entrySet()) {
      Tensor tensor = entry.getValue();
      long end = offset + (long) Float.BYTES * tensor.size();
      header.put(
          entry.getKey(),
          new Description("F32", tensor.shape().dimensions(), List.of(offset, end)));
      offset = end;
    }
    Map<String, String> texts = new LinkedHashMap<>(content.texts());
    texts.put(CHECKSUM, UNKNOWN);
    header.put(METADATA, texts);
    String unsigned = JsonFormat.compact(header);
    CRC32 checksum = checksum(unsigned);
    for (Tensor tensor : content.tensors().values()) {
      encode(tensor.values(), checksum::update);
    }
    byte[] json =
        unsigned.replace(field(UNKNOWN), field(text(checksum))).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(
        file,
        out -> {
          out.write(
              ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).array());
          out.write(json);
          for (Tensor tensor : content.tensors().values()) {
            encode(tensor.values(), out::write);
          }
        });
  }

  /** Takes bytes, piece by piece. */
  @FunctionalInterface
  private interface Sink<E extends Exception> {
    void take(byte[] bytes, int from, int count) throws E;
  }

  private static <E extends Exception> void encode(float[] values, Sink<E> sink) throws E {
    ByteBuffer buffer = buffer();
    for (int from = 0; from < values.length; from += BUFFER_FLOATS) {
      int count = Math.min(BUFFER_FLOATS, values.length - from);
      buffer.asFloatBuffer().put(values, from, count);
      sink.take(buffer.array(), 0, count * Float.BYTES);
    }
  }

  private static ByteBuffer buffer() {
    return ByteBuffer.allocate(BUFFER_FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The checksum as the header has it. */
  private static String field(String checksum) {
    return "\"" + CHECKSUM + "\":\"" + checksum + "\"";
  }

  private static String text(CRC32 checksum) {
    return String.format(Locale.ROOT, "%08x", checksum.getValue());
  }

  /**
   * @param unsigned the header as it is while the checksum is unknown
   */
  private static CRC32 checksum(String unsigned) {
    CRC32 checksum = new CRC32();
    checksum.update(unsigned.getBytes(StandardCharsets.UTF_8));
    return checksum;
  }

  /**
   * @throws BadInputException when the file cannot be read, or is not whole, or is something else
   */
  static State read(Path file) {
    try (InputStream in = new BufferedInputStream(RegularFile.open(file))) {
      return parse(in, Files.size(file));
    } catch (NoSuchFileException e) {
      throw new BadInputException(file, "a checkpoint", "no such file", WAY_OUT, e);
    } catch (IOException e) {
      throw BadInputException.of(file, "cannot be read (" + IoReason.of(e) + ")", WAY_OUT, e);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(file, "a whole checkpoint", e.getMessage(), WAY_OUT, e);
    } catch (BadInputException e) {
      throw new BadInputException(
          file, "a whole checkpoint", "a header that is damaged: " + e.getMessage(), WAY_OUT, e);
    }
  }

  private static State parse(InputStream in, long size) throws IOException {
    byte[] first = in.readNBytes(8);
    long length =
        first.length < 8 ? -1 : ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > size - 8 || length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("a file that is cut short or of another kind");
    }
    String json = new String(in.readNBytes((int) length), StandardCharsets.UTF_8);
    Header header = HEADER.parse(json, "header");
    Map<String, String> texts = new LinkedHashMap<>(header.metadata());
    String found = texts.remove(CHECKSUM);
    CRC32 checksum = checksum(json.replace(field(String.valueOf(found)), field(UNKNOWN)));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    long left = size - 8 - length;
    for (Map.Entry<String, Description> entry : header.tensors().entrySet()) {
      Tensor tensor = tensor(entry.getValue(), in, left, checksum);
      tensors.put(entry.getKey(), tensor);
      left -= (long) Float.BYTES * tensor.size();
    }
    if (left != 0 || !text(checksum).equals(found)) {
      throw new IllegalArgumentException("content that does not match its checksum");
    }
    return new State(tensors, texts);
  }

  /**
   * The next tensor of the stream. We write them in the header's order without gaps, so a file
   * where they lie otherwise fails its checksum.
   */
  private static Tensor tensor(Description description, InputStream in, long left, CRC32 checksum)
      throws IOException {
    Shape shape = new Shape(description.shape());
    if ((long) Float.BYTES * shape.size() > left) {
      throw new IllegalArgumentException("a file that is cut short");
    }
    float[] values = new float[shape.size()];
    ByteBuffer buffer = buffer();
    for (int from = 0; from < values.length; from += BUFFER_FLOATS) {
      int count = Math.min(BUFFER_FLOATS, values.length - from);
      if (in.readNBytes(buffer.array(), 0, count * Float.BYTES) < count * Float.BYTES) {
        throw new IllegalArgumentException("a file that is cut short");
      }
      checksum.update(buffer.array(), 0, count * Float.BYTES);
      buffer.asFloatBuffer().get(values, from, count);
    }
    return new Tensor(shape, values);
  }
}

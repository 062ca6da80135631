package shallows.train.checkpoint;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import shallows.model.BadInputException;
import shallows.model.file.AtomicFile;
import shallows.model.file.IoReason;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

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

  private SafeTensors() {}

  static void write(Path file, State content) {
    long offset = 0;
    JsonObject header = new JsonObject();
    for (Map.Entry<String, Tensor> entry : content.tensors().entrySet()) {
      Tensor tensor = entry.getValue();
      JsonObject description = new JsonObject();
      description.addProperty("dtype", "F32");
      description.add("shape", array(tensor.shape().dimensions()));
      long end = offset + (long) Float.BYTES * tensor.size();
      description.add("data_offsets", array(List.of(offset, end)));
      header.add(entry.getKey(), description);
      offset = end;
    }
    JsonObject texts = new JsonObject();
    content.texts().forEach(texts::addProperty);
    texts.addProperty(CHECKSUM, UNKNOWN);
    header.add(METADATA, texts);
    String unsigned = new Gson().toJson(header);
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

  private static JsonArray array(List<? extends Number> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
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
    return String.format("%08x", checksum.getValue());
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
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return parse(in, Files.size(file));
    } catch (NoSuchFileException e) {
      throw new BadInputException(file + ": expected a checkpoint, found no such file", e);
    } catch (IOException e) {
      throw new BadInputException(
          file + ": cannot be read (" + IoReason.of(e) + "); " + WAY_OUT, e);
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | ClassCastException
        | NullPointerException
        | UnsupportedOperationException e) {
      throw new BadInputException(
          file + ": expected a whole checkpoint, found " + what(e) + "; " + WAY_OUT, e);
    }
  }

  /** Our own exceptions say what they found; of the others only that it is no such file. */
  private static String what(RuntimeException e) {
    return e instanceof IllegalArgumentException
        ? e.getMessage()
        : "a header that is damaged or of another kind";
  }

  private static State parse(InputStream in, long size) throws IOException {
    byte[] first = in.readNBytes(8);
    long length =
        first.length < 8 ? -1 : ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > size - 8 || length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("a file that is cut short or of another kind");
    }
    String json = new String(in.readNBytes((int) length), StandardCharsets.UTF_8);
    JsonObject header = new Gson().fromJson(json, JsonObject.class);
    Map<String, String> texts = new LinkedHashMap<>();
    if (header.has(METADATA)) {
      header
          .getAsJsonObject(METADATA)
          .entrySet()
          .forEach(text -> texts.put(text.getKey(), text.getValue().getAsString()));
    }
    String found = texts.remove(CHECKSUM);
    CRC32 checksum = checksum(json.replace(field(String.valueOf(found)), field(UNKNOWN)));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    long left = size - 8 - length;
    for (Map.Entry<String, JsonElement> entry : header.entrySet()) {
      if (!entry.getKey().equals(METADATA)) {
        Tensor tensor = tensor(entry.getValue().getAsJsonObject(), in, left, checksum);
        tensors.put(entry.getKey(), tensor);
        left -= (long) Float.BYTES * tensor.size();
      }
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
  private static Tensor tensor(JsonObject description, InputStream in, long left, CRC32 checksum)
      throws IOException {
    List<Integer> dimensions = new ArrayList<>();
    description.getAsJsonArray("shape").forEach(d -> dimensions.add(d.getAsInt()));
    Shape shape = new Shape(dimensions);
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

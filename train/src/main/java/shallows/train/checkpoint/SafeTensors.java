package shallows.train.checkpoint;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
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
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * Writes and reads safetensors files of 32-bit floats: 8 bytes with the length of the header
 * (little endian), the header in JSON, and the tensors one after another. The header maps each name
 * to {@code dtype}, {@code shape} and {@code data_offsets}, and {@code __metadata__} to texts;
 * among those is a CRC-32 of all the rest, which the format itself does without.
 */
final class SafeTensors {
  private static final String METADATA = "__metadata__";
  private static final String CHECKSUM = "crc32";
  private static final String UNKNOWN = "00000000";
  private static final String WAY_OUT =
      "; delete it, and training starts from the beginning, or restore it from a copy";

  private SafeTensors() {}

  static void write(Path file, NamedTensors content) {
    long size = content.tensors().values().stream().mapToLong(t -> 4L * t.size()).sum();
    ByteBuffer data = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
    JsonObject header = new JsonObject();
    for (Map.Entry<String, Tensor> entry : content.tensors().entrySet()) {
      Tensor tensor = entry.getValue();
      int start = data.position();
      data.asFloatBuffer().put(tensor.values());
      data.position(start + 4 * tensor.size());
      JsonObject description = new JsonObject();
      description.addProperty("dtype", "F32");
      description.add("shape", integers(tensor.shape().dimensions()));
      description.add("data_offsets", integers(List.of(start, data.position())));
      header.add(entry.getKey(), description);
    }
    JsonObject texts = new JsonObject();
    content.texts().forEach(texts::addProperty);
    texts.addProperty(CHECKSUM, UNKNOWN);
    header.add(METADATA, texts);
    String unsigned = new Gson().toJson(header);
    byte[] json =
        unsigned
            .replace(field(UNKNOWN), field(checksum(unsigned, data.array(), 0)))
            .getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(
        file,
        out -> {
          out.write(
              ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).array());
          out.write(json);
          out.write(data.array());
        });
  }

  private static JsonArray integers(List<Integer> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }

  /** The checksum as the header has it. */
  private static String field(String checksum) {
    return "\"" + CHECKSUM + "\":\"" + checksum + "\"";
  }

  /**
   * @param unsigned the header as it is while the checksum is unknown
   * @param from where the tensors begin in {@code bytes}
   */
  private static String checksum(String unsigned, byte[] bytes, int from) {
    CRC32 checksum = new CRC32();
    checksum.update(unsigned.getBytes(StandardCharsets.UTF_8));
    checksum.update(bytes, from, bytes.length - from);
    return String.format("%08x", checksum.getValue());
  }

  /**
   * @throws BadInputException when the file cannot be read, or is not whole, or is something else
   */
  static NamedTensors read(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new BadInputException(file + ": expected a checkpoint, found no such file", e);
    } catch (IOException e) {
      throw new BadInputException(file + ": cannot be read (" + e.getMessage() + ")" + WAY_OUT, e);
    }
    try {
      return parse(bytes);
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | ClassCastException
        | NullPointerException
        | UnsupportedOperationException e) {
      throw new BadInputException(
          file + ": expected a whole checkpoint, found " + what(e) + WAY_OUT, e);
    }
  }

  /** Our own exceptions say what they found; of the others only that it is no such file. */
  private static String what(RuntimeException e) {
    return e instanceof IllegalArgumentException
        ? e.getMessage()
        : "a header that is damaged or of another kind";
  }

  private static NamedTensors parse(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long length = bytes.length < 8 ? -1 : buffer.getLong(0);
    if (length < 2 || length > bytes.length - 8) {
      throw new IllegalArgumentException("a file that is cut short or of another kind");
    }
    int start = 8 + (int) length;
    String json = new String(bytes, 8, (int) length, StandardCharsets.UTF_8);
    JsonObject header = new Gson().fromJson(json, JsonObject.class);
    Map<String, String> texts = new LinkedHashMap<>();
    if (header.has(METADATA)) {
      header
          .getAsJsonObject(METADATA)
          .entrySet()
          .forEach(text -> texts.put(text.getKey(), text.getValue().getAsString()));
    }
    String found = texts.remove(CHECKSUM);
    String unsigned = json.replace(field(String.valueOf(found)), field(UNKNOWN));
    if (!checksum(unsigned, bytes, start).equals(found)) {
      throw new IllegalArgumentException("content that does not match its checksum");
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : header.entrySet()) {
      if (!entry.getKey().equals(METADATA)) {
        tensors.put(entry.getKey(), tensor(entry.getValue().getAsJsonObject(), buffer, start));
      }
    }
    return new NamedTensors(tensors, texts);
  }

  private static Tensor tensor(JsonObject description, ByteBuffer buffer, int start) {
    List<Integer> dimensions = new ArrayList<>();
    description.getAsJsonArray("shape").forEach(d -> dimensions.add(d.getAsInt()));
    Shape shape = new Shape(dimensions);
    float[] values = new float[shape.size()];
    int offset = start + description.getAsJsonArray("data_offsets").get(0).getAsInt();
    buffer
        .slice(offset, 4 * values.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return new Tensor(shape, values);
  }
}

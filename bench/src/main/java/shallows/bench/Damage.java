package shallows.bench;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What may have happened to a file, or what somebody has done to it. The same seed does the same.
 */
final class Damage {
  /** Bytes that are looked at around a place, to tell weights from what says where they are. */
  private static final int AROUND = 16;

  private static final List<JsonElement> WRONG =
      List.of(
          JsonNull.INSTANCE,
          new JsonPrimitive(-1),
          new JsonPrimitive(0),
          new JsonPrimitive(1e300),
          new JsonPrimitive("NaN"),
          new JsonPrimitive("../../etc/passwd"),
          new JsonPrimitive("\u001b[31m"),
          new JsonPrimitive(true),
          new JsonArray(),
          new JsonObject());

  private static final long[] WHOLE = {
    -1, 0, 1, 2, 3, 1000, 1L << 31, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE
  };

  private static final float[] FLOATS = {Float.NaN, Float.POSITIVE_INFINITY, -1, 0, 1e30f};

  private Damage() {}

  /** A bit, some bytes, a cut, or bytes put between; half of the time where no weights are. */
  static byte[] ofBytes(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    int at = random.nextBoolean() ? random.nextInt(bytes.length) : structure(whole, random);
    switch (random.nextInt(4)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> {
        for (int flips = 0; flips < 10; flips++) {
          bytes[(at + random.nextInt(100)) % bytes.length] = (byte) random.nextInt(256);
        }
      }
      case 2 -> bytes = Arrays.copyOf(bytes, at);
      default -> {
        byte[] more = new byte[1 + random.nextInt(9)];
        random.nextBytes(more);
        bytes = Arrays.copyOf(bytes, bytes.length + more.length);
        System.arraycopy(whole, at, bytes, at + more.length, whole.length - at);
        System.arraycopy(more, 0, bytes, at, more.length);
      }
    }
    return bytes;
  }

  /** A place among zeros, which tables and sizes have and weights do not. */
  private static int structure(byte[] whole, Random random) {
    int at = 0;
    for (int tries = 0; tries < 200; tries++) {
      at = random.nextInt(whole.length);
      int zeros = 0;
      for (int i = at; i < Math.min(whole.length, at + AROUND); i++) {
        zeros += whole[i] == 0 ? 1 : 0;
      }
      if (zeros >= AROUND / 4 && zeros < AROUND) {
        return at;
      }
    }
    return at;
  }

  /** A field somewhere in an ONNX file that is another, gone or there twice; the rest is whole. */
  static byte[] ofOnnx(byte[] whole, Random random) {
    try {
      ModelProto.Builder model = ModelProto.parseFrom(whole).toBuilder();
      List<Message.Builder> messages = new ArrayList<>();
      List<String> names = new ArrayList<>(List.of("", "\u001b[31m", "../x"));
      collect(model, messages, names);
      Message.Builder message = messages.get(random.nextInt(messages.size()));
      List<FieldDescriptor> fields = List.copyOf(message.getAllFields().keySet());
      FieldDescriptor field = fields.get(random.nextInt(fields.size()));
      if (!field.isRepeated()) {
        if (random.nextInt(3) == 0 || field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
          message.clearField(field);
        } else {
          message.setField(field, other(field, message.getField(field), names, random));
        }
      } else {
        List<Object> values = new ArrayList<>((List<?>) message.getField(field));
        int at = random.nextInt(values.size());
        switch (random.nextInt(3)) {
          case 0 -> values.remove(at);
          case 1 -> values.add(values.get(at));
          default -> values.set(at, other(field, values.get(at), names, random));
        }
        message.setField(field, values);
      }
      return model.build().toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not a whole ONNX file", e);
    }
  }

  private static void collect(
      Message.Builder message, List<Message.Builder> all, List<String> names) {
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (field.getJavaType() == FieldDescriptor.JavaType.STRING && !field.isRepeated()) {
                names.add((String) value);
              }
              if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                return;
              }
              if (field.isRepeated()) {
                for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
                  collect(message.getRepeatedFieldBuilder(field, i), all, names);
                }
              } else {
                collect(message.getFieldBuilder(field), all, names);
              }
            });
    if (!message.getAllFields().isEmpty()) {
      all.add(message);
    }
  }

  private static Object other(
      FieldDescriptor field, Object value, List<String> names, Random random) {
    return switch (field.getJavaType()) {
      case INT -> (int) WHOLE[random.nextInt(WHOLE.length)];
      case LONG -> WHOLE[random.nextInt(WHOLE.length)];
      case FLOAT -> FLOATS[random.nextInt(FLOATS.length)];
      case DOUBLE -> (double) FLOATS[random.nextInt(FLOATS.length)];
      case BOOLEAN -> !(Boolean) value;
      case STRING -> names.get(random.nextInt(names.size()));
      case BYTE_STRING -> {
        ByteString bytes = (ByteString) value;
        yield bytes.substring(0, random.nextInt(bytes.size() + 1));
      }
      case ENUM ->
          field
              .getEnumType()
              .getValues()
              .get(random.nextInt(field.getEnumType().getValues().size()));
      case MESSAGE -> ((Message) value).getDefaultInstanceForType();
    };
  }

  /** A value that is another, gone or doubled, or damaged text. */
  static byte[] ofJson(byte[] whole, Random random) {
    if (random.nextInt(5) == 0) {
      return ofBytes(whole, random);
    }
    JsonElement tree = JsonParser.parseString(new String(whole, StandardCharsets.UTF_8));
    List<JsonElement> parents = new ArrayList<>();
    collect(tree, parents);
    JsonElement parent = parents.get(random.nextInt(parents.size()));
    JsonElement wrong = WRONG.get(random.nextInt(WRONG.size()));
    if (parent instanceof JsonArray array) {
      int at = random.nextInt(array.size());
      switch (random.nextInt(3)) {
        case 0 -> array.remove(at);
        case 1 -> array.add(array.get(at));
        default -> array.set(at, wrong);
      }
    } else {
      JsonObject object = parent.getAsJsonObject();
      List<String> keys = List.copyOf(object.keySet());
      String key = keys.get(random.nextInt(keys.size()));
      switch (random.nextInt(3)) {
        case 0 -> object.remove(key);
        case 1 -> object.add(key + "2", object.get(key));
        default -> object.add(key, wrong);
      }
    }
    return tree.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The objects and arrays that have something in them. */
  private static void collect(JsonElement element, List<JsonElement> parents) {
    List<JsonElement> children = new ArrayList<>();
    if (element instanceof JsonObject object) {
      object.entrySet().forEach(entry -> children.add(entry.getValue()));
    } else if (element instanceof JsonArray array) {
      array.forEach(children::add);
    }
    if (!children.isEmpty()) {
      parents.add(element);
      children.forEach(child -> collect(child, parents));
    }
  }
}

package shallows.model.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import shallows.model.BadInputException;

/** Spoils a JSON text in many ways, as a hand, a full disk or somebody hostile does. */
public final class JsonEdits {
  private static final int EDITS = 1000;

  /** Stands for what Gson cannot write, until the text is made. */
  private static final String RAW = "raw text ";

  private static final List<String> LITERALS =
      List.of(
          "null",
          "true",
          "\"\"",
          "\"NaN\"",
          "\"word\"",
          "NaN",
          "Infinity",
          "-Infinity",
          "-1",
          "-0.5",
          "0",
          "0.5",
          "2",
          "1e999",
          "-1e999",
          "99999999999",
          "99999999999999999999",
          "1e-400",
          "[]",
          "{}",
          "[null]",
          "[[1]]",
          "{\"a\": null}",
          "'a'",
          "01",
          "\"\\u0000\\u202e\"",
          "[".repeat(3000) + "]".repeat(3000),
          "{\"a\":".repeat(3000) + "1" + "}".repeat(3000),
          "1 /* one */",
          "\"a\nb\"",
          "\"" + "x".repeat(5000) + "\"");

  private final Random random;
  private final String text;

  private JsonEdits(String text, long seed) {
    this.text = text;
    random = new Random(seed);
  }

  /**
   * Reads a text as it is, then spoiled in a thousand ways: each is a value that can be written and
   * read again, or one line that begins with where it stood.
   */
  public static <T> void assertValueOrOneLine(JsonFormat<T> format, String text) {
    T value = format.parse(text, "FILE");
    assertEquals(value, format.parse(format.text(value), "FILE"));
    assertValueOrOneLine(
        text,
        spoiled -> {
          T read = format.parse(spoiled, "FILE");
          assertEquals(format.text(read), format.text(format.parse(format.text(read), "FILE")));
        });
  }

  /**
   * Likewise of another reader.
   *
   * @param reading names the place {@code FILE} in what it throws
   */
  public static void assertValueOrOneLine(String text, Consumer<String> reading) {
    reading.accept(text);
    JsonEdits edits = new JsonEdits(text, 7);
    int refused = 0;
    for (int i = 0; i < EDITS; i++) {
      String spoiled = edits.spoiled();
      try {
        reading.accept(spoiled);
      } catch (BadInputException e) {
        refused++;
        String message = e.getMessage();
        assertTrue(message.startsWith("FILE: $"), message);
        assertTrue(e.failure().remedy().toString().length() > 5, message);
        assertFalse(message.contains("Exception") || message.contains("java."), message);
        assertTrue(message.length() < 1000 && message.indexOf('\n') < 0, message);
      } catch (RuntimeException e) {
        throw new AssertionError("told as a defect: " + spoiled, e);
      }
    }
    assertTrue(refused > EDITS / 2, "only " + refused + " of the edits were seen");
  }

  private String spoiled() {
    int place = random.nextInt(text.length());
    return switch (random.nextInt(8)) {
      case 0 -> text.substring(0, place);
      case 1 -> text.substring(0, place) + text.substring(place + 1);
      case 2 -> text + List.of("{}", "x", "]", "\u0000").get(random.nextInt(4));
      default -> edited();
    };
  }

  /** One member or element of the tree is gone, another, or there twice. */
  private String edited() {
    JsonElement tree = JsonParser.parseString(text);
    List<JsonElement> inner = new ArrayList<>();
    collect(tree, inner);
    JsonElement parent = inner.get(random.nextInt(inner.size()));
    String literal = LITERALS.get(random.nextInt(LITERALS.size()));
    JsonPrimitive other = new JsonPrimitive(RAW);
    String twice = "";
    if (parent instanceof JsonObject object) {
      List<String> keys = List.copyOf(object.keySet());
      String key = keys.get(random.nextInt(keys.size()));
      JsonElement value = object.get(key);
      switch (random.nextInt(5)) {
        case 0 -> object.remove(key);
        case 1 -> object.add(key + "x", object.remove(key));
        case 2 -> {
          object.add(key, other);
          twice = value + ", " + new JsonPrimitive(key) + ": " + value;
        }
        default -> object.add(key, other);
      }
    } else {
      JsonArray array = (JsonArray) parent;
      int index = random.nextInt(array.size());
      switch (random.nextInt(4)) {
        case 0 -> array.remove(index);
        case 1 -> array.add(array.get(index));
        default -> array.set(index, random.nextBoolean() ? JsonNull.INSTANCE : other);
      }
    }
    String json = new GsonBuilder().serializeNulls().disableHtmlEscaping().create().toJson(tree);
    return json.replace("\"" + RAW + "\"", twice.isEmpty() ? literal : twice);
  }

  /** All objects and lists that hold something. */
  private static void collect(JsonElement element, List<JsonElement> inner) {
    if (element instanceof JsonObject object && !object.isEmpty()) {
      inner.add(object);
      for (Map.Entry<String, JsonElement> member : object.entrySet()) {
        collect(member.getValue(), inner);
      }
    } else if (element instanceof JsonArray array && !array.isEmpty()) {
      inner.add(array);
      array.forEach(value -> collect(value, inner));
    }
  }
}

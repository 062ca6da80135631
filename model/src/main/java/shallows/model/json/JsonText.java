package shallows.model.json;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.Array;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import shallows.model.BadInputException;
import shallows.model.Failure;
import shallows.model.UnexpectedValueException;

/**
 * One JSON text on its way to a value. The type leads, never the text, so that neither depth nor an
 * unknown key leads anywhere.
 */
final class JsonText {
  /** Gson's own message is for programmers; the place in it is for everybody. */
  private static final Pattern PLACE = Pattern.compile("line \\d+ column \\d+");

  private static final Pattern PLAIN_KEY = Pattern.compile("[\\w-]{1,80}");
  private static final int SHOWN = 40;

  private final JsonReader reader;
  private final String where;
  private final Object remedy;

  /** Of what is read now, for example {@code $.blocks[3].name}. */
  private String path = "$";

  JsonText(String text, String where, Object remedy) {
    reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    this.where = where;
    this.remedy = remedy;
  }

  /** The whole text as one value. */
  Object read(Type type) {
    try {
      Object value = value(type, "$");
      path = "$";
      // Read strictly, more text behind the end is damage.
      reader.peek();
      return value;
    } catch (EOFException e) {
      throw wrong("JSON", "a text that is empty or cut short", e);
    } catch (MalformedJsonException e) {
      Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
      throw wrong("JSON", place.find() ? "damage at " + place.group() : "damage", e);
    } catch (IOException e) {
      throw new IllegalStateException("a text in memory can always be read", e);
    }
  }

  private Object value(Type type, String at) throws IOException {
    path = at;
    Class<?> raw = JsonTypes.raw(type);
    if (raw == String.class) {
      require(JsonToken.STRING, "a text");
      return reader.nextString();
    }
    if (raw == boolean.class || raw == Boolean.class) {
      require(JsonToken.BOOLEAN, "true or false");
      return reader.nextBoolean();
    }
    if (raw.isPrimitive() || Number.class.isAssignableFrom(raw)) {
      return number(raw);
    }
    if (raw.isEnum()) {
      return word(raw);
    }
    if (raw.isRecord()) {
      return record(type, raw);
    }
    if (raw.isSealed()) {
      return oneOf(raw);
    }
    if (raw == List.class) {
      return list(((ParameterizedType) type).getActualTypeArguments()[0]);
    }
    if (raw == Map.class) {
      return map(((ParameterizedType) type).getActualTypeArguments()[1]);
    }
    if (raw.isArray()) {
      List<Object> values = list(raw.getComponentType());
      Object array = Array.newInstance(raw.getComponentType(), values.size());
      for (int i = 0; i < values.size(); i++) {
        Array.set(array, i, values.get(i));
      }
      return array;
    }
    throw new IllegalArgumentException("no format of ours has a " + type);
  }

  private Object number(Class<?> type) throws IOException {
    require(JsonToken.NUMBER, JsonNumber.kind(type));
    String digits = reader.nextString();
    try {
      return JsonNumber.of(type, digits);
    } catch (NumberFormatException e) {
      throw wrong(JsonNumber.expected(type), shown(digits), e);
    }
  }

  private Object word(Class<?> type) throws IOException {
    Map<String, Object> words = JsonTypes.words(type);
    String expected = "one of " + String.join(", ", words.keySet());
    require(JsonToken.STRING, expected);
    String word = reader.nextString();
    if (!words.containsKey(word)) {
      throw wrong(expected, "'" + shown(word) + "'");
    }
    return words.get(word);
  }

  private List<Object> list(Type element) throws IOException {
    String here = path;
    require(JsonToken.BEGIN_ARRAY, "a list");
    reader.beginArray();
    List<Object> values = new ArrayList<>();
    while (reader.hasNext()) {
      values.add(value(element, here + "[" + values.size() + "]"));
      path = here;
    }
    reader.endArray();
    return Collections.unmodifiableList(values);
  }

  private Map<String, Object> map(Type value) throws IOException {
    String here = path;
    require(JsonToken.BEGIN_OBJECT, "an object");
    reader.beginObject();
    Map<String, Object> values = new LinkedHashMap<>();
    while (reader.hasNext()) {
      String key = key(here, values);
      values.put(key, value(value, below(here, key)));
      path = here;
    }
    reader.endObject();
    return Collections.unmodifiableMap(values);
  }

  private String key(String here, Map<String, Object> earlier) throws IOException {
    path = here;
    String key = reader.nextName();
    if (earlier.containsKey(key)) {
      path = below(here, key);
      throw wrong("one value", "two");
    }
    return key;
  }

  private Object record(Type type, Class<?> raw) throws IOException {
    String here = path;
    List<JsonTypes.Member> members = JsonTypes.members(type);
    require(JsonToken.BEGIN_OBJECT, "an object");
    reader.beginObject();
    Map<String, Object> values = new LinkedHashMap<>();
    Map<String, Object> others = new LinkedHashMap<>();
    while (reader.hasNext()) {
      String key = key(here, values);
      JsonTypes.Member member = JsonTypes.member(members, key);
      if (member == null && raw.isAnnotationPresent(Excerpt.class)) {
        values.put(key, null);
        reader.skipValue();
      } else if (member == null) {
        throw wrong("the keys " + JsonTypes.keys(members), "'" + shown(key) + "'");
      } else if (member.others()) {
        values.put(key, null);
        others.put(key, value(member.type(), below(here, key)));
      } else {
        values.put(key, member(member, below(here, key)));
      }
      path = here;
    }
    reader.endObject();
    Object[] components = new Object[members.size()];
    for (int i = 0; i < components.length; i++) {
      JsonTypes.Member member = members.get(i);
      if (!member.others() && !member.orNull() && !values.containsKey(member.key())) {
        path = below(here, member.key());
        throw wrong("a value", "none");
      }
      components[i] =
          member.others() ? Collections.unmodifiableMap(others) : values.get(member.key());
    }
    path = here;
    return made(raw, components);
  }

  /** One of the records that a sealed interface permits, under its name. */
  private Object oneOf(Class<?> raw) throws IOException {
    String here = path;
    Map<String, Class<?>> kinds = JsonTypes.kinds(raw);
    String expected = "one of the keys " + String.join(", ", kinds.keySet());
    require(JsonToken.BEGIN_OBJECT, "an object");
    reader.beginObject();
    if (!reader.hasNext()) {
      throw wrong(expected, "none");
    }
    String key = reader.nextName();
    if (!kinds.containsKey(key)) {
      throw wrong(expected, "'" + shown(key) + "'");
    }
    Object value = value(kinds.get(key), below(here, key));
    path = here;
    if (reader.hasNext()) {
      throw wrong("the key " + key + " alone", "'" + shown(reader.nextName()) + "' beside it");
    }
    reader.endObject();
    return value;
  }

  private Object member(JsonTypes.Member member, String at) throws IOException {
    if (member.orNull() && reader.peek() == JsonToken.NULL) {
      reader.nextNull();
      return null;
    }
    return value(member.type(), at);
  }

  private Object made(Class<?> raw, Object[] components) {
    try {
      return JsonTypes.make(raw, components);
    } catch (UnexpectedValueException e) {
      throw refused(e.failure(), e);
    } catch (BadInputException e) {
      throw refused(e.failure(), e);
    } catch (IllegalArgumentException e) {
      throw BadInputException.of(where + ": " + path, e.getMessage(), remedy, e);
    }
  }

  private BadInputException refused(Failure refusal, RuntimeException e) {
    boolean knowsBetter = !refusal.remedy().toString().isEmpty();
    return new BadInputException(
        // What a record names may be deeper: exports[2].file.
        where + ": " + path + "." + refusal.where(),
        refusal.expected(),
        refusal.found(),
        knowsBetter ? refusal.remedy() : remedy,
        e);
  }

  private void require(JsonToken kind, String expected) throws IOException {
    JsonToken found = reader.peek();
    if (found != kind) {
      throw wrong(
          expected,
          switch (found) {
            case BEGIN_ARRAY -> "a list";
            case BEGIN_OBJECT -> "an object";
            case NULL -> "null";
            case BOOLEAN -> String.valueOf(reader.nextBoolean());
            case STRING -> "the text '" + shown(reader.nextString()) + "'";
            case NUMBER -> shown(reader.nextString());
            case END_ARRAY, END_OBJECT, END_DOCUMENT, NAME -> "an end";
          });
    }
  }

  private static String below(String path, String key) {
    return PLAIN_KEY.matcher(key).matches() ? path + "." + key : path + "['" + shown(key) + "']";
  }

  private static String shown(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  private BadInputException wrong(String expected, String found) {
    return wrong(expected, found, null);
  }

  private BadInputException wrong(String expected, String found, Exception cause) {
    return new BadInputException(where + ": " + path, expected, found, remedy, cause);
  }
}

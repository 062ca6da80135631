package shallows.pipeline.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;

/**
 * Holds JSON against the records it is to become. Gson alone would read a missing number as 0,
 * which would pass for a measurement.
 */
final class ContractCheck {
  private ContractCheck() {}

  /**
   * @param path of {@code json}, for the message
   * @throws IllegalArgumentException where a member is missing or of another kind; the message
   *     begins with its path
   */
  static void check(JsonElement json, Class<?> type, String path) {
    if (!json.isJsonObject()) {
      throw unexpected("an object", json, path);
    }
    for (RecordComponent component : type.getRecordComponents()) {
      String memberPath = path + "." + component.getName();
      JsonElement member = json.getAsJsonObject().get(component.getName());
      boolean additive = component.isAnnotationPresent(Additive.class);
      if (member == null && !additive) {
        throw new IllegalArgumentException(memberPath + " is missing");
      }
      if (member != null && !(additive && member.isJsonNull())) {
        checkMember(member, component, memberPath);
      }
    }
  }

  private static void checkMember(JsonElement member, RecordComponent component, String path) {
    Class<?> type = component.getType();
    if (type.isRecord()) {
      check(member, type, path);
    } else if (component.getGenericType() instanceof ParameterizedType list) {
      checkList(member, (Class<?>) list.getActualTypeArguments()[0], path);
    } else if (type == Double.class) {
      // Null stands for "not measured".
      require(member.isJsonNull() || isNumber(member), "a number or null", member, path);
    } else if (type == double.class) {
      require(isNumber(member), "a number", member, path);
    } else if (type == Long.class || type == Integer.class) {
      require(member.isJsonNull() || isWhole(member, type), "a whole number or null", member, path);
    } else if (type == int.class || type == long.class) {
      require(isWhole(member, type), "a whole number", member, path);
    } else if (type == boolean.class) {
      require(
          member instanceof JsonPrimitive primitive && primitive.isBoolean(),
          "true or false",
          member,
          path);
    } else {
      require(
          member instanceof JsonPrimitive primitive && primitive.isString(), "text", member, path);
    }
  }

  private static void checkList(JsonElement member, Class<?> element, String path) {
    require(member.isJsonArray(), "a list", member, path);
    for (int i = 0; i < member.getAsJsonArray().size(); i++) {
      check(member.getAsJsonArray().get(i), element, path + "[" + i + "]");
    }
  }

  private static boolean isNumber(JsonElement member) {
    return member instanceof JsonPrimitive primitive && primitive.isNumber();
  }

  private static boolean isWhole(JsonElement member, Class<?> type) {
    // Gson reads 1e3 as a whole number too; nobody writes it, so it is not worth allowing.
    if (!isNumber(member) || !member.getAsString().matches("-?\\d{1,18}")) {
      return false;
    }
    long value = member.getAsLong();
    return type == long.class || type == Long.class || value == (int) value;
  }

  private static void require(boolean holds, String kind, JsonElement found, String path) {
    if (!holds) {
      throw unexpected(kind, found, path);
    }
  }

  private static IllegalArgumentException unexpected(String kind, JsonElement found, String path) {
    String text = found.toString();
    return new IllegalArgumentException(
        path
            + ": expected "
            + kind
            + ", found "
            + (text.length() <= 40 ? text : text.substring(0, 40) + "\u2026"));
  }
}

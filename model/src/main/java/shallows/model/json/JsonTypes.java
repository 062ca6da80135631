package shallows.model.json;

import com.google.gson.annotations.SerializedName;
import com.google.gson.reflect.TypeToken;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Java knows of records and enums, under the names that Gson writes them by. */
final class JsonTypes {
  private JsonTypes() {}

  /**
   * A component of a record.
   *
   * @param key it stands under
   * @param type of its value; of one {@link Others} that of each
   * @param orNull whether it may be null
   * @param others whether it takes what no other does
   */
  record Member(String key, Type type, boolean orNull, boolean others) {}

  static Class<?> raw(Type type) {
    return TypeToken.get(type).getRawType();
  }

  /** In the order of the constructor. */
  static List<Member> members(Type type) {
    List<Member> members = new ArrayList<>();
    for (RecordComponent component : raw(type).getRecordComponents()) {
      boolean others = component.isAnnotationPresent(Others.class);
      Type declared = filled(component.getGenericType(), type);
      SerializedName name = component.getAccessor().getAnnotation(SerializedName.class);
      members.add(
          new Member(
              name == null ? component.getName() : name.value(),
              others ? ((ParameterizedType) declared).getActualTypeArguments()[1] : declared,
              component.isAnnotationPresent(OrNull.class),
              others));
    }
    return members;
  }

  /** What a type variable of {@code owner} stands for; other types as they are. */
  private static Type filled(Type type, Type owner) {
    if (type instanceof TypeVariable<?> variable && owner instanceof ParameterizedType given) {
      return given
          .getActualTypeArguments()[List.of(raw(owner).getTypeParameters()).indexOf(variable)];
    }
    return type;
  }

  /** The one that a key belongs to, or null. */
  static Member member(List<Member> members, String key) {
    Member others = null;
    for (Member member : members) {
      if (member.others()) {
        others = member;
      } else if (member.key().equals(key)) {
        return member;
      }
    }
    return others;
  }

  static String keys(List<Member> members) {
    return members.stream().map(Member::key).collect(Collectors.joining(", "));
  }

  /** The records that a sealed interface permits, by their names. */
  static Map<String, Class<?>> kinds(Class<?> raw) {
    Map<String, Class<?>> kinds = new LinkedHashMap<>();
    for (Class<?> kind : raw.getPermittedSubclasses()) {
      kinds.put(kind(kind), kind);
    }
    return kinds;
  }

  /** {@code notConfirmed} of a record {@code NotConfirmed}. */
  static String kind(Class<?> record) {
    String name = record.getSimpleName();
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  /** The constants of an enum by their words. */
  static Map<String, Object> words(Class<?> type) {
    Map<String, Object> words = new LinkedHashMap<>();
    for (Object constant : type.getEnumConstants()) {
      words.put(word((Enum<?>) constant), constant);
    }
    return words;
  }

  private static String word(Enum<?> constant) {
    try {
      SerializedName name =
          constant
              .getDeclaringClass()
              .getField(constant.name())
              .getAnnotation(SerializedName.class);
      return name == null ? constant.name() : name.value();
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("a constant is a field of its enum", e);
    }
  }

  /**
   * @throws IllegalArgumentException as the record's constructor throws it
   */
  static Object make(Class<?> raw, Object[] components) {
    Class<?>[] types =
        Stream.of(raw.getRecordComponents()).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = raw.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(components);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException refusal) {
        throw refusal;
      }
      throw new IllegalStateException(raw + " cannot be made", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(raw + " cannot be made", e);
    }
  }
}

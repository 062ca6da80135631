package shallows.model.json;

import java.lang.reflect.RecordComponent;
import java.util.Map;

/** Records with some of their components changed, by the names that a file has them under too. */
public final class Changes {
  private Changes() {}

  /**
   * The same record with another value in it.
   *
   * @param component one of its own
   * @throws IllegalArgumentException as the constructor of the record throws it
   */
  public static <R extends Record> R in(R record, String component, Object value) {
    RecordComponent[] components = record.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    boolean found = false;
    for (int i = 0; i < components.length; i++) {
      boolean meant = components[i].getName().equals(component);
      values[i] = meant ? value : value(record, components[i]);
      found |= meant;
    }
    if (!found) {
      throw new IllegalStateException(record.getClass() + " has no " + component);
    }
    return made(record, values);
  }

  /**
   * The same record with other values in it and in the records that it is made of.
   *
   * @param changes new values by the names of components; names that there are none of do nothing
   * @throws IllegalArgumentException as the constructor of a record throws it
   */
  public static <R extends Record> R in(R record, Map<String, ?> changes) {
    RecordComponent[] components = record.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      Object before = value(record, components[i]);
      String name = components[i].getName();
      values[i] =
          changes.containsKey(name)
              ? changes.get(name)
              : before instanceof Record deeper ? in(deeper, changes) : before;
    }
    return made(record, values);
  }

  @SuppressWarnings("unchecked")
  private static <R extends Record> R made(R like, Object[] values) {
    return (R) JsonTypes.make(like.getClass(), values);
  }

  private static Object value(Record record, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }
}

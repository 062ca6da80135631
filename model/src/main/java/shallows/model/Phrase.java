package shallows.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A piece of a message, in which settings stay values until somebody says what they are called. */
public final class Phrase implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String PLACE = "%s";

  /** Texts and settings in the order they are said. */
  private final ArrayList<Serializable> parts;

  private Phrase(List<Serializable> parts) {
    this.parts = new ArrayList<>(parts);
  }

  /**
   * @param format in which each {@code %s} stands for the next value, and nothing else is special
   * @param values a {@link Setting}, another phrase, or anything that has a text
   */
  public static Phrase of(String format, Object... values) {
    List<Serializable> parts = new ArrayList<>();
    int from = 0;
    for (Object value : values) {
      int place = format.indexOf(PLACE, from);
      if (place < 0) {
        throw new IllegalArgumentException("'" + format + "' has fewer places than values");
      }
      parts.add(format.substring(from, place));
      parts.addAll(of(value).parts);
      from = place + PLACE.length();
    }
    parts.add(format.substring(from));
    return new Phrase(parts);
  }

  /** A value alone; null is the empty phrase. */
  static Phrase of(Object value) {
    if (value instanceof Phrase phrase) {
      return phrase;
    }
    if (value == null) {
      return new Phrase(List.of());
    }
    return new Phrase(List.of(value instanceof Setting setting ? setting : String.valueOf(value)));
  }

  boolean isEmpty() {
    return words(Setting::key).isEmpty();
  }

  /**
   * @param names what settings are called
   */
  String words(Function<Setting, String> names) {
    StringBuilder words = new StringBuilder();
    for (Serializable part : parts) {
      words.append(part instanceof Setting setting ? names.apply(setting) : part);
    }
    return words.toString();
  }

  @Override
  public String toString() {
    return words(Setting::key);
  }
}

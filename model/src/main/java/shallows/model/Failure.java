package shallows.model;

import java.io.Serializable;
import java.util.function.Function;

/**
 * What is wrong with something that a person can mend.
 *
 * @param where a file, a place in it, or a setting
 * @param expected what should be there; empty where {@code found} says it all, as «cannot be
 *     written (no space left on device)» does
 * @param found what is there
 * @param remedy the way out; empty where the first three show it
 */
public record Failure(Phrase where, Phrase expected, Phrase found, Phrase remedy)
    implements Serializable {
  /** What a file holds may be of any length; a line may not. */
  private static final int LONGEST = 300;

  /** Each a {@link Phrase}, a {@link Setting}, anything that has a text, or null for nothing. */
  static Failure of(Object where, Object expected, Object found, Object remedy) {
    return new Failure(Phrase.of(where), Phrase.of(expected), Phrase.of(found), Phrase.of(remedy));
  }

  /**
   * All of it in one line: {@code WHERE: expected EXPECTED, found FOUND; REMEDY}.
   *
   * @param names what settings are called
   */
  public String words(Function<Setting, String> names) {
    StringBuilder words = new StringBuilder();
    if (!where.isEmpty()) {
      words.append(where.words(names)).append(": ");
    }
    if (!expected.isEmpty()) {
      words.append("expected ").append(shortened(expected.words(names))).append(", found ");
    }
    words.append(shortened(found.words(names)));
    if (!remedy.isEmpty()) {
      words.append("; ").append(remedy.words(names));
    }
    return words.toString().strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }

  private String shortened(String text) {
    // A message of one piece is ours, as long as it is.
    return text.length() <= LONGEST || where.isEmpty() ? text : text.substring(0, LONGEST) + "…";
  }
}

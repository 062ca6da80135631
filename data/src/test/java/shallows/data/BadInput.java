package shallows.data;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;
import shallows.model.BadInputException;

/** What every refusal must be: one line with where, expected, found and the way out. */
public final class BadInput {
  private BadInput() {}

  /**
   * @param parts what the line must say, beside "expected" and "found"
   */
  public static void assertRefused(Executable work, Object... parts) {
    String message = assertThrows(BadInputException.class, work).getMessage();
    assertFalse(message.contains("\n"), message);
    assertTrue(message.contains("expected "), message);
    assertTrue(message.contains("found "), message);
    assertTrue(message.contains("; "), "a way out: " + message);
    for (Object part : parts) {
      assertTrue(message.contains(part.toString()), "\"" + part + "\" in: " + message);
    }
  }
}

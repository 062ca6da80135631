package shallows.cli.terminal;

import java.util.Locale;

/**
 * Text on its way to the terminal. Labels, names of nodes and what runtimes say come out of files
 * that somebody else made: an escape code among them would be obeyed, a mark that turns the
 * direction would show another text, and a new line would pass for one of ours.
 */
final class Shown {
  /** They join letters and emoji, and have no other effect. */
  private static final int NON_JOINER = 0x200C;

  private static final int JOINER = 0x200D;

  private Shown() {}

  /**
   * With codes instead of what does something else than being seen: {@code \}{@code u001b}. Two
   * where UTF-16 has two, as in JSON, so that what is JSON stays so.
   */
  static String line(String text) {
    if (text.codePoints().allMatch(Shown::isSeen)) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              if (isSeen(point)) {
                shown.appendCodePoint(point);
              } else {
                for (char unit : Character.toChars(point)) {
                  shown.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                }
              }
            });
    return shown.toString();
  }

  private static boolean isSeen(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      case Character.FORMAT -> point == NON_JOINER || point == JOINER;
      default -> true;
    };
  }
}

package shallows.model;

/** A word of a command line that a person is told to type. */
public final class ShellWord {
  private ShellWord() {}

  /**
   * So that it can be pasted into a shell, whatever characters it has.
   *
   * @param word a path, or anything that has a text
   */
  public static String quoted(Object word) {
    String text = String.valueOf(word);
    return text.matches("[\\w@%+=:,./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}

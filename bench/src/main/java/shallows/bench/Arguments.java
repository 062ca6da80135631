package shallows.bench;

/** The words behind the name of a measurement. */
final class Arguments {
  private Arguments() {}

  /**
   * @param otherwise what holds where the word is left out
   */
  static int number(String[] arguments, int index, int otherwise) {
    return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
  }

  static String text(String[] arguments, int index, String otherwise) {
    return arguments.length > index ? arguments[index] : otherwise;
  }
}

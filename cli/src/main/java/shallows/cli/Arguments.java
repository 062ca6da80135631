package shallows.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import shallows.model.BadInputException;

/** The words of a command line. */
final class Arguments {
  /**
   * The property by which the launcher names a file with those that are too many for the system.
   */
  private static final String FILE = "shallows.arguments";

  private Arguments() {}

  /**
   * Those of this process.
   *
   * @param given to {@code main}
   */
  static String[] of(String[] given) {
    String file = System.getProperty(FILE);
    if (file == null) {
      return given;
    }
    try {
      // Each ends in a NUL, which no argument can hold.
      String all =
          new String(
              Files.readAllBytes(Path.of(file)),
              Charset.forName(System.getProperty("sun.jnu.encoding")));
      return all.isEmpty() ? given : all.substring(0, all.length() - 1).split("\0", -1);
    } catch (IOException e) {
      throw new BadInputException(
          file + ": expected the arguments, found a file that cannot be read; start ./shallows", e);
    }
  }
}

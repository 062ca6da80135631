package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import shallows.cli.terminal.Console;

/**
 * A command line run inside the test, and what it said.
 *
 * @param status exit status
 * @param out lines of results
 * @param err lines of progress and remarks
 */
record CommandLineSession(int status, List<String> out, List<String> err) {
  static CommandLineSession of(Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] words = List.of(arguments).stream().map(String::valueOf).toArray(String[]::new);
    int status = Main.run(new Console(stream(out), stream(err), false), words);
    return new CommandLineSession(status, lines(out), lines(err));
  }

  /** Runs a command that must be refused, and returns the one line that says why. */
  static String refusal(Object... arguments) {
    CommandLineSession session = of(arguments);
    assertEquals(2, session.status(), session.toString());
    assertEquals(List.of(), session.out());
    assertEquals(1, session.err().size(), session.toString());
    return session.err().get(0);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static List<String> lines(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}

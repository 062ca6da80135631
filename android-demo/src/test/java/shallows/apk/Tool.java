package shallows.apk;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a program said.
 *
 * @param status 0 where it was content
 * @param output of both streams
 */
record Tool(int status, String output) {
  /** A program of another maker; the test is skipped where it is not installed. */
  static Tool run(String program, String... arguments) throws IOException, InterruptedException {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(folder -> new File(folder, program).canExecute()),
        program + " is not installed");
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    return of(command, Map.of(), "");
  }

  /** A program of the JDK that runs the tests. */
  static Tool ofJdk(String program, Map<String, String> environment, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(File.separator.equals("/") ? jdk(program) : jdk(program + ".exe"));
    command.addAll(arguments);
    return of(command, environment, "");
  }

  static String jdk(String program) {
    return System.getProperty("java.home") + "/bin/" + program;
  }

  static Tool of(List<String> command, Map<String, String> environment, String typed)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    try (var in = process.getOutputStream()) {
      in.write(typed.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Tool(process.waitFor(), said);
  }
}

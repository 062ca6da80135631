package shallows.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One side of a comparison: a process that does steps when it is told to, and idles meanwhile. */
final class StepProcess implements AutoCloseable {
  private final String name;
  private final Process process;
  private final PrintWriter to;
  private final BufferedReader from;
  private final long parameters;
  private final List<Double> milliseconds = new ArrayList<>();

  /**
   * @param without variables that the process must not see; as it stands otherwise
   */
  StepProcess(String name, List<String> command, List<String> without) throws IOException {
    this.name = name;
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    without.forEach(builder.environment()::remove);
    process = builder.start();
    to =
        new PrintWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8), true);
    from = process.inputReader(StandardCharsets.UTF_8);
    parameters = Long.parseLong(answer());
  }

  /** Trained parameters of its network. */
  long parameters() {
    return parameters;
  }

  String name() {
    return name;
  }

  /** Steps that do not count. */
  void warmUp(int steps) throws IOException {
    ask(steps);
  }

  /** Some steps, whose mean counts as one measurement. */
  void measure(int steps) throws IOException {
    milliseconds.add(1000 * ask(steps) / steps);
  }

  private double ask(int steps) throws IOException {
    to.println(steps);
    return Double.parseDouble(answer());
  }

  private String answer() throws IOException {
    String line = from.readLine();
    if (line == null) {
      throw new IOException(name + " ended before it answered");
    }
    return line;
  }

  /** Time of a step in ms, one a measurement. */
  double[] milliseconds() {
    return milliseconds.stream().mapToDouble(ms -> ms).toArray();
  }

  @Override
  public void close() {
    to.close();
    process.destroy();
  }
}

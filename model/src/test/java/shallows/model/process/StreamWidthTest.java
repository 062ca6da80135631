package shallows.model.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamWidthTest {
  @TempDir private Path temporary;

  /** A process of its own: the pool of this one may have begun. */
  public static void main(String[] arguments) {
    StreamWidth.limit(Integer.parseInt(arguments[0]));
    long threads =
        IntStream.range(0, 2000)
            .parallel()
            .mapToObj(i -> Thread.currentThread().getName() + (Math.sin(i) > 2 ? i : ""))
            .distinct()
            .count();
    System.out.print(ForkJoinPool.getCommonPoolParallelism() + " " + threads);
  }

  @Test
  void oneThreadIsTheCaller() throws Exception {
    assertTrue(said(List.of(), 1).endsWith(" 1"));
  }

  @Test
  void whoAsksIsOneOfThem() throws Exception {
    assertTrue(said(List.of(), 6).startsWith("5 "));
  }

  @Test
  void whatWasSaidWhenTheProcessBeganHolds() throws Exception {
    assertTrue(said(List.of(StreamWidth.option(5)), 2).startsWith("4 "));
  }

  private String said(List<String> options, int threads) throws Exception {
    Path output = temporary.resolve("said.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(StreamWidthTest.class.getName(), String.valueOf(threads)));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertEquals(0, process.waitFor(), Files.readString(output));
    return Files.readString(output);
  }
}

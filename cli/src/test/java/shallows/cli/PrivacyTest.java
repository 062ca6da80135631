package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands leave on a machine beside what they were asked for, and whom they call. */
class PrivacyTest {
  /** What the README says is unpacked in the home; LibTorch is told to lie elsewhere. */
  private static final String UNPACKED =
      "\\.cache/(shallows/onnxruntime-.*|JNA/temp)|\\.javacpp/.*";

  /** In a call of the system that addresses another machine. */
  private static final String TO_THE_NETWORK = "AF_INET";

  private static final Path STRACE = Path.of("/usr/bin/strace");

  @TempDir private static Path temporary;

  /** What each command left behind. */
  private static final Map<String, List<String>> LEFT = new LinkedHashMap<>();

  /** Whom each command called. */
  private static final Map<String, List<String>> CALLS = new LinkedHashMap<>();

  @BeforeAll
  static void runCommands() throws Exception {
    Checkout checkout = Checkout.built(temporary.resolve("checkout"));
    boolean watched = mayWatch();
    Path calls = temporary.resolve("calls");
    for (List<String> words : commands()) {
      run(checkout, watched ? strace(calls) : List.of(), words);
      List<String> left = new ArrayList<>(Traces.in(checkout.temporary()));
      left.addAll(Traces.in(checkout.home()));
      LEFT.put(words.get(0), left.stream().filter(path -> !path.matches(UNPACKED)).toList());
      if (watched) {
        try (Stream<String> lines = Files.lines(calls)) {
          CALLS.put(words.get(0), lines.filter(line -> line.contains(TO_THE_NETWORK)).toList());
        }
      }
    }
  }

  @Test
  void commandsLeaveWhatTheySayAndNothingElse() {
    LEFT.forEach((command, left) -> assertEquals(List.of(), left, command));
  }

  @Test
  void commandsCallNoNetwork() {
    assumeTrue(!CALLS.isEmpty(), "has no strace, or may not look at processes with it");
    CALLS.forEach((command, calls) -> assertEquals(List.of(), calls, command));
  }

  private static boolean mayWatch() throws Exception {
    if (!Files.isExecutable(STRACE)) {
      return false;
    }
    List<String> line = new ArrayList<>(strace(temporary.resolve("first")));
    line.add("true");
    return new ProcessBuilder(line).start().waitFor() == 0;
  }

  private static List<String> strace(Path calls) {
    return List.of(
        STRACE.toString(),
        "-f",
        "-qq",
        "-e",
        "trace=connect,sendto,sendmsg,sendmmsg,bind",
        "-o",
        calls.toString());
  }

  private static List<List<String>> commands() {
    String run = temporary.resolve("run").toString();
    String sample = run + "/bundle/sample1.png";
    return List.of(
        List.of(
            "run",
            "--quiet",
            "--network",
            "resnet-8-s2",
            "--train-images",
            "200",
            "--epochs",
            "1",
            "--fine-tune-epochs",
            "0",
            "--max-drop",
            "100",
            "--format",
            "onnx,tflite",
            "--precision",
            "fp32",
            "--out",
            run),
        List.of("inspect", run),
        List.of("classify", run + "/bundle/run-fp32.onnx", sample),
        List.of(
            "verify", run + "/export/run-fp32.tflite", "--data", "fashion-mnist-mini", "--quiet"),
        List.of(
            "convert",
            run + "/train/model.onnx",
            "--out",
            temporary.resolve("c.tflite").toString()));
  }

  private static void run(Checkout checkout, List<String> before, List<String> words)
      throws Exception {
    ProcessBuilder builder = checkout.command(words);
    List<String> line = new ArrayList<>(before);
    line.addAll(builder.command());
    Path said = temporary.resolve("said");
    Process process =
        builder.command(line).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    process.getOutputStream().close();
    assertTrue(process.waitFor(5, TimeUnit.MINUTES));
    assertEquals(0, process.exitValue(), words + "\n" + Files.readString(said));
  }
}

package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the commands leave on a machine beside what they were asked for, and whom they call. */
@Tag("trains")
class PrivacyTest {
  /**
   * What the README says lies in the home: what is unpacked, but for LibTorch, which is told to lie
   * elsewhere, and the key of {@code apk}.
   */
  private static final String TOLD =
      "\\.cache/(shallows/onnxruntime-.*|JNA/temp)|\\.javacpp/.*|\\.shallows/debug\\.p12";

  /** In a call of the system that addresses another machine. */
  private static final String TO_THE_NETWORK = "AF_INET";

  private static final Path STRACE = Path.of("/usr/bin/strace");

  /** ONNX Runtime Web, which {@code web} would have npm fetch, where a test has installed it. */
  private static final Path WEB_RUNTIME =
      Path.of("../export/src/test/readers/node_modules/onnxruntime-web").toAbsolutePath();

  /** The app, where it was built. */
  private static final Path APP = Path.of("../android-demo").toAbsolutePath().normalize();

  private static final List<String> COMMANDS =
      List.of(
          "run",
          "inspect",
          "classify",
          "verify",
          "convert",
          "shrink",
          "sweep",
          "report",
          "web",
          "apk");

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
      LEFT.put(words.get(0), left.stream().filter(path -> !path.matches(TOLD)).toList());
      if (watched) {
        try (Stream<String> lines = Files.lines(calls)) {
          CALLS.put(words.get(0), lines.filter(line -> line.contains(TO_THE_NETWORK)).toList());
        }
      }
    }
  }

  static List<String> commandsThatAreThere() {
    return COMMANDS;
  }

  @ParameterizedTest
  @MethodSource("commandsThatAreThere")
  void aCommandLeavesWhatItSaysAndNothingElse(String command) {
    assumeTrue(LEFT.containsKey(command), () -> "what " + command + " needs is not built here");
    assertEquals(List.of(), LEFT.get(command));
  }

  @ParameterizedTest
  @MethodSource("commandsThatAreThere")
  void aCommandCallsNoNetwork(String command) {
    assumeTrue(CALLS.containsKey(command), "no strace, or what it needs is not built here");
    assertEquals(List.of(), CALLS.get(command));
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
        // All other calls of the system are as fast as without it.
        "--seccomp-bpf",
        "-qq",
        "-e",
        "trace=connect,sendto,sendmsg,sendmmsg,bind",
        "-o",
        calls.toString());
  }

  private static List<List<String>> commands() throws IOException {
    List<List<String>> commands = new ArrayList<>(everywhere());
    String run = temporary.resolve("run").toString();
    if (Files.isDirectory(WEB_RUNTIME)) {
      commands.add(List.of("web", run, "--runtime", WEB_RUNTIME.toString()));
    }
    if (Files.exists(APP.resolve("target/template.apk"))
        && Files.exists(APP.resolve("packager/target/classpath"))) {
      Path app = temporary.resolve("checkout/android-demo");
      Files.createDirectories(app.resolve("packager"));
      Files.createSymbolicLink(app.resolve("target"), APP.resolve("target"));
      Files.createSymbolicLink(app.resolve("packager/target"), APP.resolve("packager/target"));
      commands.add(List.of("apk", run));
    }
    return commands;
  }

  private static List<List<String>> everywhere() throws IOException {
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
            temporary.resolve("c.tflite").toString()),
        List.of(
            "shrink",
            run + "/train/model.onnx",
            "--data",
            "fashion-mnist-mini",
            "--images",
            "300",
            "--max-drop",
            "100",
            "--format",
            "onnx",
            "--precision",
            "int8",
            "--quiet",
            "--out",
            temporary.resolve("shrunk").toString()),
        List.of(
            "sweep",
            "--data",
            TestPictures.writeFolder(temporary.resolve("pictures"), 30, "cat", "dog").toString(),
            "--networks",
            "resnet-8-s2",
            "--survivals",
            "none",
            "--seeds",
            "1",
            "--max-drops",
            "1",
            "--epochs",
            "1",
            "--quiet",
            "--out",
            temporary.resolve("sweep").toString()),
        List.of("report", run));
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

package shallows.export.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.ShakenNetworks;
import shallows.model.graph.Shape;
import shallows.model.onnx.write.OnnxWriter;

/** What ONNX Runtime leaves behind in somebody else's process, which has set no variables. */
class OnnxRuntimeTest {
  /** Longer than what ONNX Runtime's telemetry takes, in as many arguments as a long list has. */
  private static final List<String> LONG = Collections.nCopies(2_000, "x".repeat(100));

  @TempDir Path folder;
  private Path home;
  private Path temporary;

  @BeforeEach
  void makeFolders() throws IOException {
    home = Files.createDirectory(folder.resolve("home"));
    temporary = Files.createDirectory(folder.resolve("temporary"));
  }

  @Test
  void leavesNothingButItsLibrariesAndTakesCommandLinesOfAnyLength() throws Exception {
    Process process = start(LONG);
    process.getOutputStream().close();

    assertEquals("ran", line(process));
    assertEquals(0, process.waitFor());
    assertNothingIsLeft();
  }

  @Test
  void leavesNothingWhereTheProcessIsKilled() throws Exception {
    Process process = start(List.of());
    assertEquals("ran", line(process));
    process.destroyForcibly().waitFor();

    assertNothingIsLeft();
  }

  private void assertNothingIsLeft() throws IOException {
    assertEquals(List.of(), files(temporary));
    assertEquals(
        List.of(System.mapLibraryName("onnxruntime"), System.mapLibraryName("onnxruntime4j_jni")),
        files(home.resolve("shallows")));
    // JNA unpacks there and deletes what it has unpacked.
    assertEquals(List.of(), files(home).stream().filter(file -> !file.contains("onnx")).toList());
  }

  private static List<String> files(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files
          .filter(file -> !Files.isDirectory(file))
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private Process start(List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Duser.home=" + home,
                "-Djava.io.tmpdir=" + temporary,
                "-XX:-UsePerfData",
                OnnxRuntimeTest.class.getName()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().remove(OnnxRuntime.NO_TELEMETRY);
    builder.environment().put("HOME", home.toString());
    builder.environment().put("TMPDIR", temporary.toString());
    builder.environment().put("XDG_CACHE_HOME", home.toString());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder.start();
  }

  private static String line(Process process) throws IOException {
    return process.inputReader(StandardCharsets.UTF_8).readLine();
  }

  /**
   * What the other process does: it runs a network, says so, and waits for the end of its input.
   */
  public static void main(String[] arguments) throws IOException {
    byte[] model = OnnxWriter.bytes(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28)));
    try (OnnxRuntimeClassifier classifier = OnnxRuntimeClassifier.open(model, "memory", 1)) {
      classifier.logits(new float[28 * 28], 1);
      System.out.println("ran");
      while (System.in.read() >= 0) {}
    }
  }
}

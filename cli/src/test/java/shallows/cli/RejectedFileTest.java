package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.verify.FileCheck;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.report.Report;

/** An exported file that fails its check: it stays out of the bundle, until it is exported anew. */
@TestMethodOrder(OrderAnnotation.class)
@Tag("trains")
class RejectedFileTest {
  @TempDir private static Path temporary;
  private static Path run;

  @BeforeAll
  static void runsEverything() throws IOException {
    run = SmallRun.in(temporary, "a run", 1, "--max-bytes", "60%").folder();
  }

  @Test
  @Order(1)
  void aFileThatFailsItsCheckEndsWithStatusOne() throws IOException {
    String full = "export/a run-full-fp32.tflite";
    String pruned = "export/a run-fp32.tflite";
    // The full network where the pruned one is expected: another answer in every image.
    Files.copy(
        run.resolve(full), run.resolve(pruned), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Path file = run.resolve("run.json");
    Map<String, String> hashes = RunRecord.read(file).outputs(Stage.EXPORT);
    Files.writeString(file, Files.readString(file).replace(hashes.get(pruned), hashes.get(full)));

    CommandLineSession verify = CommandLineSession.of("verify", run, "--quiet");

    assertEquals(1, verify.status(), verify.toString());
    assertTrue(Files.exists(run.resolve(pruned)));
    assertFalse(Files.exists(run.resolve("bundle/a run-fp32.tflite")));
    String bundle = Files.readString(run.resolve("bundle/model.json"));
    assertFalse(bundle.contains("a run-fp32.tflite"), bundle);
    assertTrue(bundle.contains("a run-fp32.onnx"), bundle);
    assertTrue(
        verify.out().stream()
            .anyMatch(line -> line.contains("export/a run-fp32.tflite") && line.contains("FAILED")),
        verify.toString());
    assertEquals(1, CommandLineSession.of("report", run, "--quiet").status());
    assertEquals(
        List.of("a run-fp32.tflite"),
        Report.FORMAT.read(run.resolve("report.json")).verification().files().stream()
            .filter(check -> !check.passed())
            .map(FileCheck::file)
            .toList());
  }

  @Test
  @Order(2)
  void aFileThatFailedFailsAgain() {
    assertEquals(1, CommandLineSession.of("verify", run, "--quiet").status());
    // Its outputs are still another network's, so no tolerance for accuracy lets it pass.
    assertEquals(1, CommandLineSession.of("verify", run, "--quiet", "--max-drop", "100").status());
  }

  @Test
  @Order(3)
  void exportingAgainMendsAFileThatFailed() {
    assertEquals(0, CommandLineSession.of("export", run, "--quiet").status());
    CommandLineSession better = CommandLineSession.of("verify", run, "--quiet");

    assertEquals(0, better.status(), better.toString());
    assertTrue(Files.exists(run.resolve("bundle/a run-fp32.tflite")));
  }
}

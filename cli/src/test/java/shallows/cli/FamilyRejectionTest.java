package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.ExportedFile;
import shallows.pipeline.report.Report;

/** A family of which the smallest member is far too small for what it may lose. */
@Tag("trains")
class FamilyRejectionTest {
  /**
   * Points: the network without one block loses less (0.8 was found), one of binary blocks
   * untrained much more (24.5).
   */
  private static final String MAX_DROP = "8";

  @TempDir private Path folder;

  @Test
  void aMemberThatLostTooMuchIsPutAsideByNameAndTheOthersShip() {
    Path run = folder.resolve("run");
    assertEquals(
        0,
        CommandLineSession.of(
                "train",
                "--network",
                "resnet-14-s2",
                "--train-images",
                1500,
                "--epochs",
                4,
                "--out",
                run,
                "--quiet")
            .status());
    CommandLineSession pruned =
        CommandLineSession.of(
            "prune",
            run,
            "--family",
            "base=90%,nano=12%",
            "--max-drop",
            MAX_DROP,
            "--fine-tune-epochs",
            0,
            "--quiet");
    assertEquals(0, pruned.status(), pruned.toString());
    assertEquals(
        0, CommandLineSession.of("export", run, "--precision", "fp32", "--quiet").status());

    CommandLineSession verified =
        CommandLineSession.of("verify", run, "--max-drop", MAX_DROP, "--quiet");
    assertEquals(1, verified.status(), verified.toString());
    String said = String.join("\n", verified.out()) + String.join("\n", verified.err());
    for (String nano : List.of("run-nano-fp32.onnx", "run-nano-fp32.tflite")) {
      assertTrue(Files.exists(run.resolve("export").resolve(nano)), said);
      assertFalse(Files.exists(run.resolve("bundle").resolve(nano)), nano);
      assertTrue(said.contains(nano), said);
    }
    assertTrue(Files.exists(run.resolve("bundle/run-fp32.tflite")), said);

    assertEquals(1, CommandLineSession.of("report", run, "--quiet").status());
    Report report = Report.FORMAT.read(run.resolve("report.json"));
    for (ExportedFile file : report.export().files()) {
      assertEquals(
          !"nano".equals(report.network(file)), report.check(file).passed(), file.toString());
    }
  }
}

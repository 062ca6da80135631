package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.file.Sha256;
import shallows.pipeline.Shallows;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.Stage;

/** What may happen to a finished run, and that none of it costs the run or passes unnoticed. */
@Tag("trains")
class FinishedRunTest {
  @TempDir private static Path shared;
  private static Path data;
  private static Path original;

  @TempDir private Path temporary;

  /** A copy of the finished run, for one test to spoil. */
  private Path run;

  @BeforeAll
  static void runsEverything() throws IOException {
    SmallRun small = SmallRun.in(shared, "run", 2, "--batch", 16);
    data = small.pictures();
    original = small.folder();
  }

  @BeforeEach
  void copiesTheRun() throws IOException {
    run = temporary.resolve("run");
    try (Stream<Path> files = Files.walk(original)) {
      for (Path file : files.toList()) {
        Files.copy(file, run.resolve(original.relativize(file).toString()));
      }
    }
  }

  @Test
  void whatGoesWithAStageThatBeginsAgainIsToldBeforehand() {
    CommandLineSession verified = CommandLineSession.of("verify", run, "--quiet");

    assertEquals(0, verified.status(), verified.toString());
    assertTrue(
        verified.err().get(0).contains("./shallows report " + run.toAbsolutePath()),
        verified.toString());
    CommandLineSession reported = CommandLineSession.of("report", run, "--quiet");
    assertEquals(List.of(), reported.err());
  }

  @Test
  void aVerificationByAnotherBoundIsNotThatOfTheRun() {
    assertEquals(0, CommandLineSession.of("verify", run, "--max-drop", 99, "--quiet").status());

    CommandLineSession again = CommandLineSession.of("run", "--out", run, "--quiet");

    assertEquals(0, again.status(), again.toString());
    assertTrue(again.err().get(0).contains("goes on with verify"), again.toString());
    assertEquals(100, Shallows.run(run).verified().maxDrop());
  }

  /** Somebody has put the checksums right. */
  @Test
  void recordsThatContradictOneAnotherAreRefused() throws IOException {
    edit("verify/verify.json", "\"file\": \"run-fp32.onnx\"", "\"file\": \"other.onnx\"");

    String line = CommandLineSession.refusal("report", run, "--quiet");

    assertTrue(line.contains("records of one run"), line);
    assertTrue(line.contains("a check of run-fp32.onnx, found none; verify the run again"), line);
  }

  @Test
  void filesOfANetworkThatTheRunHasNotAreRefused() throws IOException {
    edit("export/export.json", "(\"network\": \"pruned\",\\s+\"member\": )null", "$1\"nano\"");

    String line = CommandLineSession.refusal("verify", run, "--quiet");

    assertTrue(line.contains("export.json: expected files of the networks of this run"), line);
    assertTrue(line.endsWith("of another; export the run again"), line);
  }

  private void edit(String name, String pattern, String with) throws IOException {
    Path file = run.resolve(name);
    String before = Sha256.of(file);
    Files.writeString(file, Files.readString(file).replaceFirst(pattern, with));
    assertNotEquals(before, Sha256.of(file));
    Path record = run.resolve("run.json");
    Files.writeString(record, Files.readString(record).replace(before, Sha256.of(file)));
  }

  @Test
  void anotherRunIsProposedAFolderThatIsFree() throws IOException {
    Files.createDirectory(temporary.resolve("run-2"));
    String free = "--out " + temporary.toAbsolutePath().resolve("run-3");

    for (String line :
        List.of(
            CommandLineSession.refusal("run", "--out", run, "--epochs", 3),
            CommandLineSession.refusal("train", "--out", run),
            CommandLineSession.of("run", "--out", run, "--quiet").err().get(0))) {
      assertTrue(line.endsWith(free), line);
    }
  }

  @Test
  void aPruningThatFailsLeavesEverythingAsItWas() throws IOException {
    Map<String, String> before = content();

    String line =
        CommandLineSession.refusal("prune", run, "--max-bytes", "1KB", "--max-drop", 0, "--quiet");

    assertTrue(line.contains("cannot be met"), line);
    assertEquals(before, content());
    CommandLineSession again = CommandLineSession.of("run", "--out", run, "--quiet");
    assertTrue(again.err().get(0).contains("finished"), again.toString());
  }

  @Test
  void aLimitThatWasRecordedIsLiftedByNone() {
    assertEquals(
        0,
        CommandLineSession.of("prune", run, "--max-bytes", "90%", "--max-drop", 100, "--quiet")
            .status());
    assertEquals("90%", record().prune().maxBytes());

    CommandLineSession lifted =
        CommandLineSession.of("run", "--out", run, "--max-bytes", "none", "--quiet");

    assertEquals(0, lifted.status(), lifted.toString());
    assertNull(record().prune().maxBytes());
  }

  @Test
  void imagesThatAreNoLongerThoseOfTheTrainingAreRefused() throws IOException {
    Path more = TestPictures.write(data.resolve("cat").resolve("more.png"), 8, 8, 77);
    try {
      for (List<Object> command :
          List.<List<Object>>of(
              List.of("prune", run),
              List.of("verify", run),
              List.of("report", run),
              List.of("run", "--out", run, "--max-drop", 50))) {
        CommandLineSession session = CommandLineSession.of(command.toArray());
        String line = session.err().get(session.err().size() - 1);

        assertEquals(2, session.status(), session.toString());
        assertTrue(line.contains("images of this run's training"), line);
        assertTrue(line.contains("restore the images, or train again"), line);
      }
    } finally {
      Files.delete(more);
    }
  }

  @Test
  void anExportedFileThatIsMissingOrAFolderIsNamed() throws IOException {
    Path file = run.resolve("export/run-fp32.tflite");
    Files.delete(file);

    String missing = CommandLineSession.refusal("verify", run, "--quiet");
    Files.createDirectory(file);
    String folder = CommandLineSession.refusal("verify", run, "--quiet");

    assertTrue(missing.contains("run-fp32.tflite") && missing.contains("is missing"), missing);
    assertTrue(missing.contains("export the run again"), missing);
    assertTrue(folder.contains("found a folder"), folder);
  }

  @Test
  void anotherRunsFileAmongTheExportsStays() throws IOException {
    Path foreign = Files.writeString(run.resolve("export/mine-fp32.onnx"), "mine");

    assertEquals(0, CommandLineSession.of("export", run, "--format", "tflite").status());

    assertTrue(Files.exists(foreign));
    assertTrue(Files.notExists(run.resolve("export/run-fp32.onnx")));
  }

  @Test
  void aFlippedBitInATrainedNetworkIsNoticedAndTrainingRestoresTheFile() throws IOException {
    byte[] whole = flipABit(run.resolve("train/model.onnx"));

    for (String command : List.of("prune", "export", "verify", "report", "inspect")) {
      String line = CommandLineSession.refusal(command, run);
      assertTrue(line.contains("model.onnx") && line.contains("changed since"), line);
    }
    CommandLineSession train = CommandLineSession.of("train", "--resume", "--out", run, "--quiet");

    assertEquals(0, train.status(), train.toString());
    assertArrayEquals(whole, Files.readAllBytes(run.resolve("train/model.onnx")));
    CommandLineSession rest = CommandLineSession.of("run", "--out", run, "--quiet");
    assertTrue(rest.err().get(0).contains("finished"), "later stages stay: " + rest);
  }

  @Test
  void aFlippedBitInAPrunedNetworkIsNoticed() throws IOException {
    flipABit(run.resolve("prune/model.onnx"));

    String line = CommandLineSession.refusal("export", run);

    assertTrue(line.contains("model.onnx") && line.contains("changed since"), line);
  }

  @Test
  void aDamagedHistoryIsWrittenAnewFromTheCheckpoint() throws IOException {
    Path history = run.resolve("train/history.csv");
    byte[] whole = Files.readAllBytes(history);
    for (String damage : List.of("", "epoch,loss\nfirst,low\n")) {
      Files.writeString(history, damage);

      CommandLineSession train =
          CommandLineSession.of("train", "--resume", "--out", run, "--quiet");

      assertEquals(0, train.status(), train.toString());
      assertArrayEquals(whole, Files.readAllBytes(history));
    }
    assertTrue(record().seconds(Stage.TRAIN) > 0);
  }

  private RunRecord record() {
    return RunRecord.read(run.resolve("run.json"));
  }

  /** Returns what was there before. */
  private static byte[] flipABit(Path file) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    byte[] flipped = whole.clone();
    flipped[whole.length / 2] ^= 1;
    Files.write(file, flipped);
    return whole;
  }

  /** Every file of the run with its content. */
  private Map<String, String> content() throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        content.put(file.toString(), Arrays.toString(Files.readAllBytes(file)));
      }
    }
    return content;
  }
}

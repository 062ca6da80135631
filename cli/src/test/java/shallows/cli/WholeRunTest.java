package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.ExportPrecision;
import shallows.export.ExportedFile;
import shallows.export.bundle.Bundle;
import shallows.export.verify.FileCheck;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.OnnxReader;
import shallows.pipeline.Run;
import shallows.pipeline.Shallows;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.report.Report;
import shallows.train.loop.History;

/** One small run through every stage, and what can be done with its folder, in any order. */
@Tag("trains")
class WholeRunTest {
  /** A network of this little training may lose any accuracy; that is not what is tested. */
  private static final List<Object> SMALL =
      List.of(
          "--network",
          "resnet-8-s2",
          "--epochs",
          2,
          "--train-images",
          400,
          "--fine-tune-epochs",
          1,
          "--max-drop",
          100,
          "--quiet");

  @TempDir private static Path temporary;
  private static Path run;
  private static CommandLineSession first;

  @BeforeAll
  static void runsEverything() {
    run = temporary.resolve("a run");
    first = runWith();
  }

  @Test
  void everyStagePrintsOneLineAndEveryFilePasses() {
    assertEquals(0, first.status(), first.toString());
    assertEquals(
        List.of("train", "prune", "export", "verify", "report"),
        first.out().subList(0, 5).stream().map(line -> line.split(" ")[0]).toList());
    assertEquals(List.of(), first.err());
    assertTrue(first.out().get(first.out().size() - 1).endsWith("report.html"), first.toString());
  }

  @Test
  void everyFileOfTheDesignIsThereAndNothingUnfinished() throws IOException {
    for (String file :
        List.of(
            "run.json",
            "train/model.onnx",
            "train/survival.json",
            "train/history.csv",
            "prune/plan.json",
            "prune/model.onnx",
            "export/a run-fp32.onnx",
            "export/a run-fp32.tflite",
            "export/a run-full-fp32.onnx",
            "export/a run-full-fp32.tflite",
            "export/a run-int8.onnx",
            "export/a run-int8.tflite",
            "export/a run-int8.json",
            "export/a run-full-int8.onnx",
            "export/a run-full-int8.tflite",
            "export/a run-full-int8.json",
            "export/labels.txt",
            "export/export.json",
            "verify/verify.json",
            "bundle/model.json",
            "bundle/labels.txt",
            "bundle/SHA256SUMS",
            "bundle/a run-fp32.onnx",
            "bundle/a run-fp32.tflite",
            "bundle/sample1.png",
            "bundle/sample9.png",
            "report.json",
            "report.html")) {
      assertTrue(Files.size(run.resolve(file)) > 0, file);
    }
    try (Stream<Path> files = Files.walk(run)) {
      assertEquals(
          List.of(), files.filter(file -> file.toString().matches(".*\\.(part|new)")).toList());
    }
    assertEquals(10, Files.readAllLines(run.resolve("export/labels.txt")).size());
  }

  @Test
  void theReportHoldsTheContract() {
    Report report = Report.FORMAT.read(run.resolve("report.json"));

    assertEquals(2000, report.testImages());
    assertEquals(10, report.classes().size());
    assertEquals(400, report.trainImages() + report.heldOutImages());
    assertEquals(2, report.training().size());
    assertEquals(3, report.plan().blocks().size());
    assertEquals(16, report.verification().ensemble().members());
    assertTrue(report.verification().files().stream().allMatch(FileCheck::passed));
    assertTrue(
        report.export().files().stream()
            .filter(file -> file.precision() == ExportPrecision.FP32)
            .map(report::check)
            .allMatch(check -> check.agreement() > 0.99 && check.klDivergence() < 1e-6));
    assertTrue(report.pruned().macs() <= report.full().macs());
    assertTrue(report.run().seconds(Stage.TRAIN) > 0);
  }

  @Test
  void theReportIsTheRecordsOfTheStages() {
    Report report = Report.FORMAT.read(run.resolve("report.json"));
    Run finished = Shallows.run(run);

    assertEquals(finished.record().orElseThrow().upTo(Stage.VERIFY), report.run());
    assertEquals(finished.plan(), report.plan());
    assertEquals(finished.exported(), report.export());
    assertEquals(finished.verified(), report.verification());
    assertEquals(History.read(run.resolve("train/history.csv")), report.training());
  }

  @Test
  void theBundleIsWholeAndNamesEveryFileThatPassed() throws IOException {
    Bundle bundle =
        new Gson().fromJson(Files.readString(run.resolve("bundle/model.json")), Bundle.class);

    assertEquals("a run", bundle.name());
    assertEquals("Fashion-MNIST mini", bundle.data());
    assertEquals(
        Report.FORMAT.read(run.resolve("report.json")).export().files().stream()
            .map(ExportedFile::file)
            .toList(),
        bundle.models().stream().map(Bundle.Model::file).toList());
    Graph full = OnnxReader.read(run.resolve("bundle/a run-full-fp32.onnx"));
    assertEquals("full depth", full.metadata().get("shallows.provenance.plan"));
  }

  @Test
  void theSameCommandAgainFindsNothingToDo() throws IOException {
    byte[] before = Files.readAllBytes(run.resolve("prune/model.onnx"));

    CommandLineSession again = runWith();

    assertEquals(0, again.status());
    assertTrue(again.err().get(0).contains("finished"), again.toString());
    assertArrayEquals(before, Files.readAllBytes(run.resolve("prune/model.onnx")));
  }

  @Test
  void anotherTrainingInTheSameFolderIsRefusedByTheNameOfTheOption() {
    String line = CommandLineSession.refusal("run", "--out", run, "--epochs", 3);

    assertTrue(line.contains("begun with --epochs 2, found 3"), line);
  }

  @Test
  void aFinishedTrainingIsNotBegunAnew() {
    String line = CommandLineSession.refusal("train", "--out", run);

    assertTrue(line.contains("--resume"), line);
    assertEquals(0, CommandLineSession.of("train", "--out", run, "--resume").status());
  }

  @Test
  void inspectShowsARowABlock() {
    List<String> lines = CommandLineSession.of("inspect", run).out();

    assertEquals(9, lines.size(), lines.toString());
    assertTrue(lines.get(2).startsWith("stage1/block01  (16, 14, 14)  (16, 14, 14)"));
    assertTrue(lines.get(5).startsWith("rank correlation"), lines.toString());
    assertTrue(lines.get(7).startsWith("total"), lines.toString());
    assertEquals(
        0, CommandLineSession.of("inspect", run.resolve("export/a run-fp32.onnx")).status());
  }

  @Test
  void classifyAnswersTheSameInBothRuntimes() throws IOException {
    Path image = TestPictures.write(temporary.resolve("picture.png"), 40, 30, 3);

    List<String> onnx = classify("a run-fp32.onnx", image);
    List<String> tflite = classify("a run-fp32.tflite", image);

    assertEquals(onnx, tflite);
    assertTrue(onnx.get(0).matches(".*picture\\.png  \\w.* [\\d.]+ %, .* %, .* %"), onnx.get(0));
  }

  @Test
  void anotherBudgetPrunesAnewButDoesNotTrain() throws IOException {
    byte[] trained = Files.readAllBytes(run.resolve("train/model.onnx"));
    Path other = copy(temporary.resolve("other"));

    CommandLineSession again =
        CommandLineSession.of(
            "run", "--out", other, "--max-bytes", "60%", "--fine-tune-epochs", 0, "--quiet");

    assertTrue(again.err().get(0).contains("goes on with prune"), again.toString());
    assertTrue(again.out().get(0).startsWith("prune "), again.toString());
    assertArrayEquals(trained, Files.readAllBytes(other.resolve("train/model.onnx")));
    Report report = Report.FORMAT.read(other.resolve("report.json"));
    assertTrue(report.pruned().bytes() < 0.7 * report.full().bytes(), report.toString());
  }

  @Test
  void classifyNeedsTheFileAlone() throws IOException {
    Path image = TestPictures.write(temporary.resolve("picture.png"), 40, 30, 3);
    Path alone = temporary.resolve("alone.tflite");
    Files.copy(run.resolve("export/a run-fp32.tflite"), alone);

    CommandLineSession session = CommandLineSession.of("classify", alone, image);

    assertEquals(classify("a run-fp32.onnx", image), session.out());
  }

  @Test
  void aPageOfItIsWrittenAndServedUntilCtrlC() throws Exception {
    Path runtime = Path.of("../export/src/test/readers/node_modules/onnxruntime-web");
    assumeTrue(Files.isDirectory(runtime), "no onnxruntime-web");
    Path site = temporary.resolve("a site");
    Object[] web = {"web", run, "--out", site, "--runtime", runtime, "--serve"};

    CommandLineSession written = CommandLineSession.of(Arrays.copyOf(web, web.length - 1));

    assertEquals(0, written.status(), written.toString());
    assertTrue(
        written.out().get(0).matches(".*a site: \\d+ files, \\d+ bytes"), written.toString());
    try (ChildProcess child = ChildProcess.start(temporary.resolve("served.txt"), web)) {
      child.waitUntilItSays(" until Ctrl-C");
      URI address = URI.create(child.said().replaceFirst("(?s).*(http:\\S+) until.*", "$1"));
      HttpRequest model =
          HttpRequest.newBuilder(address.resolve("bundle/a%20run-fp32.onnx")).build();
      assertArrayEquals(
          Files.readAllBytes(run.resolve("bundle/a run-fp32.onnx")),
          HttpClient.newHttpClient().send(model, BodyHandlers.ofByteArray()).body());
      assumeFalse(child.ignoresCtrlC(), "started in the background, where Ctrl-C is ignored");
      child.interrupt();
      assertEquals(128 + ChildProcess.SIGINT, child.status());
      assertTrue(child.said().endsWith("\nshallows: stopped\n"), child.said());
    }
  }

  /** For what changes the folder. */
  private static Path copy(Path to) throws IOException {
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(run.relativize(file).toString()));
      }
    }
    return to;
  }

  private static List<String> classify(String file, Path image) {
    CommandLineSession session =
        CommandLineSession.of("classify", run.resolve("export").resolve(file), image);
    assertEquals(0, session.status(), session.toString());
    return session.out();
  }

  private static CommandLineSession runWith() {
    List<Object> words = new ArrayList<>(List.of("run", "--out", run));
    words.addAll(SMALL);
    return CommandLineSession.of(words.toArray());
  }
}

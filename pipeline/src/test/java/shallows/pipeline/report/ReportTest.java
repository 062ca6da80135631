package shallows.pipeline.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;
import shallows.model.UnexpectedValueException;
import shallows.model.json.JsonEdits;

class ReportTest {
  @TempDir Path folder;

  @Test
  void writesTheContractAsTheGoldenFileHasIt() throws IOException {
    String json = Report.FORMAT.text(new SampleRun().report());
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.writeString(Path.of("src/test/resources/shallows/pipeline/report/report.json"), json);
    }
    assertEquals(golden(), json);
  }

  @Test
  void refusesAFileThatWasNotChecked() {
    SampleRun run = new SampleRun();
    Report whole = run.report();
    run.files = run.files.subList(1, 5);
    Report less = run.report();
    UnexpectedValueException refusal =
        assertThrows(
            UnexpectedValueException.class,
            () ->
                new Report(
                    whole.data(),
                    whole.classes(),
                    whole.full(),
                    whole.pruned(),
                    whole.run(),
                    whole.survival(),
                    whole.training(),
                    whole.fineTuning(),
                    whole.plan(),
                    null,
                    whole.export(),
                    less.verification(),
                    null,
                    null));
    assertTrue(refusal.getMessage().contains("demo-full-fp32.onnx"), refusal.getMessage());
  }

  @Test
  void callsFilesByTheNetworkThatTheyHold() {
    SampleRun run = new SampleRun();
    run.members = List.of("large", "small");
    run.files =
        List.of(
            run.files.get(0),
            run.files.get(1).ofMember("small"),
            run.files.get(2).ofMember("large"));
    Report report = run.report();
    assertEquals(
        List.of("full", "pruned", "large"),
        report.export().files().stream().map(report::network).toList());
    assertEquals("small-demo-fp32.onnx", report.smallestPassing().orElseThrow().file());
  }

  @Test
  void readsWhatItWrote() {
    Path file = folder.resolve("report.json");
    Report.FORMAT.write(new SampleRun().report(), file);
    assertEquals(new SampleRun().report(), Report.FORMAT.read(file));
  }

  @Test
  void aThousandEditsGiveAValueOrOneLine() throws IOException {
    JsonEdits.assertValueOrOneLine(Report.FORMAT, golden());
  }

  @Test
  void readsANullEffectAsNotMeasured() throws IOException {
    String unknown = "\"effect\": null, \"standardError\": null";
    Report report =
        Report.FORMAT.parse(
            golden().replaceAll("\"effect\": [-\\d.E]+,\\s+\"standardError\": [\\d.E-]+", unknown),
            "report.json");
    assertNull(report.plan().blocks().get(0).effect());
  }

  @Test
  void readsARefusedFileAsNotMeasured() {
    Report report = ReportPageInBrowserTest.withRefusedFile().report();
    Report read = Report.FORMAT.parse(Report.FORMAT.text(report), "report.json");
    assertEquals(report, read);
    assertNull(read.check(read.export().files().get(0)).accuracy());
  }

  @Test
  void aFileCannotPassUnmeasured() throws IOException {
    assertRefused(
        "\"accuracy\": 0.8845,\n        \"agreement\"",
        "\"accuracy\": null,\n        \"agreement\"",
        "expected a file that was measured, found demo-full-fp32.onnx");
  }

  @Test
  void namesTheJsonPathOfDamage() throws IOException {
    assertRefused("\"expectationAccuracy\": 0.8845,", "", "$.verification.expectationAccuracy");
    assertRefused("\"decision\": \"binarize\"", "\"decision\": \"melt\"", "$.plan.blocks[9]");
    assertRefused("\"agreement\": 0.9965", "\"agreement\": 99.65", "$.verification.files[3]");
    assertRefused(
        "\"agreement\": 0.9965", "\"agreement\": 99.65", "a number in [0, 1], found 99.65");
    assertRefused("\"count\": 1200", "\"count\": \"many\"", "$.run.images.held-out.count");
    assertRefused("\"macs\": 10720000,", "\"macs\": 0,", "$.pruned");
    assertRefused("\"p90\": 1.61", "\"p90\": NaN", "$.verification.files[0].latencyMs");
    assertRefused("\"seconds\": {", "\"seconds\": [], \"s\": {", "$.run.seconds");
  }

  @Test
  void refusesATruncatedAnEmptyAndAMissingFile() throws IOException {
    String golden = golden();
    for (int length : new int[] {0, 1, 100, golden.length() / 2, golden.length() - 2}) {
      assertThrows(
          BadInputException.class,
          () -> Report.FORMAT.parse(golden.substring(0, length), "report.json"));
    }
    assertThrows(BadInputException.class, () -> Report.FORMAT.parse(golden + "{}", "report.json"));
    BadInputException missing =
        assertThrows(
            BadInputException.class, () -> Report.FORMAT.read(folder.resolve("report.json")));
    assertTrue(missing.getMessage().contains("found no such file"), missing.getMessage());
  }

  private static void assertRefused(String whole, String damaged, String expected)
      throws IOException {
    String golden = golden();
    assertTrue(golden.contains(whole), whole);
    BadInputException refusal =
        assertThrows(
            BadInputException.class,
            () -> Report.FORMAT.parse(golden.replace(whole, damaged), "report.json"));
    assertTrue(refusal.getMessage().startsWith("report.json: "), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(expected), refusal.getMessage());
  }

  private static String golden() throws IOException {
    try (InputStream in = ReportTest.class.getResourceAsStream("report.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

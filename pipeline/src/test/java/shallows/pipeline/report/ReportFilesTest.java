package shallows.pipeline.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;

class ReportFilesTest {
  @TempDir Path folder;

  @Test
  void writesTheContractAsTheGoldenFileHasIt() throws IOException {
    String json = ReportFiles.json(SampleRun.report());
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.writeString(Path.of("src/test/resources/shallows/pipeline/report/report.json"), json);
    }
    assertEquals(golden(), json);
  }

  @Test
  void readsWhatItWrote() {
    Path file = folder.resolve("report.json");
    ReportFiles.write(SampleRun.report(), file);
    assertEquals(SampleRun.report(), ReportFiles.read(file));
  }

  @Test
  void readsAReportThatHasTheContractAlone() throws IOException {
    String contract =
        golden()
            .replaceAll(",\\s*\"elimination\": \\[[^]]*]", "")
            .replaceAll(",\\s*\"heldOut\": \\d+", "")
            .replaceAll(",\\s*\"klDivergence\": [-\\d.E]+", "")
            .replaceAll(",\\s*\"peakMemoryBytes\": \\d+", "")
            .replaceAll(",\\s*\"qat\": (true|false)", "")
            .replaceAll(",\\s*\"biasesCorrected\": (true|false)", "")
            .replaceAll(",\\s*\"latency\": \\{[^}]*}", "")
            .replaceAll(",\\s*\"network\": \"\\w+\",\\s*\"reason\": \"[^\"]*\"", "");
    Report report = ReportFiles.parse(contract, "report.json");
    assertTrue(report.elimination().isEmpty());
    assertEquals(0, report.data().heldOut());
    assertNull(report.latency());
    assertEquals("pruned", report.exports().get(0).network());
    assertNull(report.exports().get(0).klDivergence());
    assertNull(report.exports().get(0).peakMemoryBytes());
    assertFalse(report.exports().get(0).qat());
    assertFalse(report.exports().get(4).biasesCorrected());
  }

  @Test
  void readsANullEffectAsNotMeasured() throws IOException {
    Report report =
        ReportFiles.parse(
            golden().replaceAll("\"effect\": [-\\d.E]+", "\"effect\": null"), "report.json");
    assertNull(report.pruned().blocks().get(0).effect());
  }

  @Test
  void readsARefusedFileAsNotMeasured() {
    Report report = SampleRunWithRefusedFile.report();
    Report read = ReportFiles.parse(ReportFiles.json(report), "report.json");
    assertEquals(report, read);
    assertNull(read.exports().get(0).accuracy());
    assertNull(read.exports().get(0).latencyMs().median());
  }

  @Test
  void aFileCannotPassUnmeasured() throws IOException {
    assertRefused(
        "\"accuracy\": 0.8845,\n      \"agreement\"",
        "\"accuracy\": null,\n      \"agreement\"",
        "accuracy is missing");
  }

  @Test
  void namesTheJsonPathOfDamage() throws IOException {
    assertRefused("\"accuracy\": 0.8845,\n    \"ensemble\"", "\"ensemble\"", "$.full.accuracy");
    assertRefused("\"decision\": \"binarize\"", "\"decision\": \"melt\"", "$.pruned.blocks[9]");
    assertRefused("\"agreement\": 0.9965", "\"agreement\": 99.65", "$.exports[3]");
    assertRefused("\"agreement\": 0.9965", "\"agreement\": 99.65", "[0, 1], was 99.65");
    assertRefused("\"test\": 2000", "\"test\": \"many\"", "$.data.test");
    assertRefused("\"test\": 2000", "\"test\": null", "$.data.test: expected a whole number");
    assertRefused("\"test\": 2000", "\"test\": 99999999999", "$.data.test");
    assertRefused("\"train\": 10800", "\"train\": -1", "$.data");
    assertRefused("\"p90\": 1.61", "\"p90\": NaN", "$.exports[0].latencyMs");
    assertRefused("\"seconds\": {", "\"seconds\": [], \"s\": {", "$.seconds");
  }

  @Test
  void refusesATruncatedAnEmptyAndAMissingFile() throws IOException {
    String golden = golden();
    for (int length : new int[] {0, 1, 100, golden.length() / 2, golden.length() - 2}) {
      assertThrows(
          BadInputException.class,
          () -> ReportFiles.parse(golden.substring(0, length), "report.json"));
    }
    assertThrows(BadInputException.class, () -> ReportFiles.parse(golden + "{}", "report.json"));
    BadInputException missing =
        assertThrows(
            BadInputException.class, () -> ReportFiles.read(folder.resolve("report.json")));
    assertTrue(missing.getMessage().contains("found no file"), missing.getMessage());
  }

  private static void assertRefused(String whole, String damaged, String expected)
      throws IOException {
    String golden = golden();
    assertTrue(golden.contains(whole), whole);
    BadInputException refusal =
        assertThrows(
            BadInputException.class,
            () -> ReportFiles.parse(golden.replace(whole, damaged), "report.json"));
    assertTrue(refusal.getMessage().startsWith("report.json: "), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(expected), refusal.getMessage());
  }

  private static String golden() throws IOException {
    try (InputStream in = ReportFilesTest.class.getResourceAsStream("report.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

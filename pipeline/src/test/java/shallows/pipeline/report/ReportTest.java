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
import shallows.model.json.JsonEdits;

class ReportTest {
  @TempDir Path folder;

  @Test
  void writesTheContractAsTheGoldenFileHasIt() throws IOException {
    String json = Report.FORMAT.text(SampleRun.report());
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.writeString(Path.of("src/test/resources/shallows/pipeline/report/report.json"), json);
    }
    assertEquals(golden(), json);
  }

  @Test
  void refusesADecisionTooFew() {
    Report whole = SampleRun.report();
    Report.Pruned pruned = whole.pruned();
    Report.Pruned oneMissing =
        new Report.Pruned(
            pruned.parameters(),
            pruned.macs(),
            pruned.bytes(),
            pruned.accuracy(),
            pruned.blocks().subList(1, 15),
            0);
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new Report(
                    whole.data(),
                    whole.full(),
                    oneMissing,
                    List.of(),
                    whole.seconds(),
                    List.of(),
                    whole.latency(),
                    List.of(),
                    null));
    assertTrue(refusal.getMessage().contains("15 blocks"), refusal.getMessage());
  }

  @Test
  void readsWhatItWrote() {
    Path file = folder.resolve("report.json");
    Report.FORMAT.write(SampleRun.report(), file);
    assertEquals(SampleRun.report(), Report.FORMAT.read(file));
  }

  @Test
  void aThousandEditsGiveAValueOrOneLine() throws IOException {
    JsonEdits.check(Report.FORMAT, golden());
  }

  @Test
  void readsANullEffectAsNotMeasured() throws IOException {
    Report report =
        Report.FORMAT.parse(
            golden().replaceAll("\"effect\": [-\\d.E]+", "\"effect\": null"), "report.json");
    assertNull(report.pruned().blocks().get(0).effect());
  }

  @Test
  void readsARefusedFileAsNotMeasured() {
    Report report = SampleRunWithRefusedFile.report();
    Report read = Report.FORMAT.parse(Report.FORMAT.text(report), "report.json");
    assertEquals(report, read);
    assertNull(read.exports().get(0).accuracy());
    assertNull(read.exports().get(0).latencyMs().median());
  }

  @Test
  void aFileCannotPassUnmeasured() throws IOException {
    assertRefused(
        "\"accuracy\": 0.8845,\n      \"agreement\"",
        "\"accuracy\": null,\n      \"agreement\"",
        "$.exports[0].accuracy: expected a value, found none");
  }

  @Test
  void namesTheJsonPathOfDamage() throws IOException {
    assertRefused("\"accuracy\": 0.8845,\n    \"ensemble\"", "\"ensemble\"", "$.full.accuracy");
    assertRefused("\"decision\": \"binarize\"", "\"decision\": \"melt\"", "$.pruned.blocks[9]");
    assertRefused("\"agreement\": 0.9965", "\"agreement\": 99.65", "$.exports[3]");
    assertRefused(
        "\"agreement\": 0.9965", "\"agreement\": 99.65", "a number in [0, 1], found 99.65");
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

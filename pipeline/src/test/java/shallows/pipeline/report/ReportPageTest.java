package shallows.pipeline.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.quantize.calibrate.LayerCost;
import shallows.prune.plan.Decision;
import shallows.prune.plan.PlanStep;
import shallows.train.evidence.SurvivalStatistics;

class ReportPageTest {
  private static final Pattern SCRIPT = Pattern.compile("(?s)<script[^>]*>.*?</script>");
  private static final Pattern DATA =
      Pattern.compile("(?s)<script type=\"application/json\" id=\"data\">(.*?)</script>");

  @TempDir Path folder;

  @Test
  void opensWithTheAnswer() {
    assertEquals(
        "Dropping 6 of 15 blocks and binarizing 2 leaves a file 4.1 times smaller (2.3 times by"
            + " pruning, 1.8 times by weights of one bit); accuracy 0.5 points lower, within"
            + " chance (±0.8).",
        Answer.sentence(new SampleRun().report()));
    String html = ReportPage.html(new SampleRun().content());
    assertTrue(html.contains("<h1>" + Answer.sentence(new SampleRun().report()) + "</h1>"));
  }

  @Test
  void saysWhichBinaryBlocksAreNarrowToo() {
    SampleRun run = new SampleRun();
    run.decisions = "knldkksldBkBddb";
    String sentence = Answer.sentence(run.report());
    assertTrue(
        sentence.contains("narrowing 1, making 2 linear and binarizing 3 (2 of them narrowed)"),
        sentence);
    String html = ReportPage.html(run.content());
    assertTrue(html.contains("3 binarized (2 of them narrowed), one bit a weight"));
    assertTrue(html.contains("narrowed to 0.50 and binarized"));
    // A 64th of what such a block weighed.
    assertTrue(html.contains("--left:0.0156"));
  }

  @Test
  void speaksOfNoBlocksWhereThereAreNone() {
    SampleRun run = new SampleRun();
    run.decisions = "";
    run.survival = new SurvivalStatistics(0, List.of());
    Report report = run.report();
    assertTrue(
        Answer.sentence(report)
            .startsWith("Keeping all of a network without residual blocks leaves a file "));
    assertTrue(Answer.backing(report).startsWith("The network gets 88.5"), Answer.backing(report));
    String page = withoutScripts(ReportPage.html(run.content()));
    for (String words :
        List.of("each block", "every block", "block by block", "0 blocks", "by pruning")) {
      assertFalse(page.contains(words), words);
    }
  }

  @Test
  void saysWhenNoFilePassed() {
    SampleRun run = new SampleRun();
    run.files = List.of(run.files.get(0), run.files.get(4));
    assertTrue(Answer.sentence(run.report()).endsWith("no file of that network passed its check."));
  }

  @Test
  void comparesWithSomebodyElsesNetworkAsItCame() {
    SampleRun run = new SampleRun();
    run.originalAccuracy = 0.9015;
    // The smallest file that passed has 87.95 %: 44 images fewer than 90.15 %.
    run.files = run.files.stream().map(file -> file.against(74, 30)).toList();

    assertTrue(Answer.sentence(run.report()).endsWith("for 2.2 \u00b1 1.0 points of accuracy."));
    assertTrue(Answer.backing(run.report()).startsWith("The network as it came gets 90.2"));
    String page = ReportPage.html(run.content());
    assertTrue(page.contains("of the network as it came, before it was trained on"));
  }

  @Test
  void hasEverySectionWithItsTableAndItsImages() {
    String page = withoutScripts(ReportPage.html(new SampleRun().content()));
    assertEquals(1, count(page, "<h1>"));
    assertEquals(4, count(page, "class=\"tile\""));
    assertEquals(15, count(page, "<div class=\"column "));
    assertEquals(5, count(page, "class=\"plot"));
    assertEquals(5, count(page, "<details>"));
    assertEquals(12, count(page, "src=\"data:image/png;base64,"));
    assertEquals(4, count(page, "✓ passed"));
    assertEquals(1, count(page, "✗ rejected"));
    // Every figure says on which images it was measured.
    assertEquals(7, count(page, "<p class=\"measured\">"));
    assertFalse(page.contains("{{"), "a tag of the template is left");
  }

  @Test
  void showsWhatEightBitsCostInEachLayerWhereItWasMeasured() {
    SampleRun run = new SampleRun();
    assertFalse(ReportPage.html(run.content()).contains("What 8 bits cost, layer by layer"));
    run.sensitivity =
        Map.of(
            "demo-int8.json",
            List.of(new LayerCost("stem/conv", 0.5, true), new LayerCost("head", 0.025, false)));
    String page = ReportPage.html(run.content());
    assertTrue(page.contains("What 8 bits cost, layer by layer"));
    assertTrue(
        page.contains(
            "<th scope=\"row\">head</th><td class=\"n\">0.025</td><td><div class=\"share\""
                + " aria-hidden=\"true\"><i style=\"--share:0.0500\"></i></div></td><td>8 bits</td>"),
        page);
    assertTrue(page.contains("layers that compute in floats for that: 1."));
  }

  @Test
  void loadsNothing() {
    String html = ReportPage.html(new SampleRun().content());
    Matcher loads =
        Pattern.compile("(?:src|(?<!<a )href|action|poster|data|srcset)=[\"']?+(?!data:)(\\S+)")
            .matcher(withoutScripts(html));
    assertFalse(loads.find(), () -> "loads " + loads.group());
    assertFalse(withoutScripts(html).contains("url("));
    assertFalse(html.contains("@import"));
    assertFalse(html.contains("sourceMappingURL"));
    assertFalse(Pattern.compile("<script[^>]+src").matcher(html).find());
    assertTrue(html.contains("default-src 'none'"));
  }

  @Test
  void aHostileClassNameStaysText() {
    String name =
        "</script><script>alert(1)</script>\u2028\"'><img src=x onerror=alert(2)> {{answer}}";
    SampleRun run = new SampleRun();
    run.classes = new ArrayList<>(SampleRun.CLASSES);
    run.classes.set(9, name);
    String honest = ReportPage.html(new SampleRun().content());
    String html = ReportPage.html(run.content());
    assertEquals(count(honest, "<script"), count(html, "<script"));
    assertEquals(count(honest, "<img"), count(html, "<img"));
    assertTrue(html.contains("&lt;/script&gt;&lt;script&gt;alert(1)"));
  }

  @Test
  void hostileTextInsideTheDataStaysData() {
    SampleRun run = new SampleRun();
    String name = "</script><!--<script>&\u2028";
    run.data = name;
    run.curve = List.of(new PlanStep(name, Decision.DROP, 1, 1, 1, 0.5));
    String html = ReportPage.html(run.content());
    Matcher data = DATA.matcher(html);
    assertTrue(data.find());
    assertFalse(data.group(1).contains("<"));
    assertFalse(data.group(1).contains("\u2028"));
    assertEquals(
        name, JsonParser.parseString(data.group(1)).getAsJsonObject().get("data").getAsString());
  }

  @Test
  void leavesOutWhatWasNotMeasured() {
    SampleRun bare = new SampleRun();
    bare.survival = new SurvivalStatistics(0, List.of());
    bare.training = List.of();
    bare.fineTuning = List.of();
    bare.samples = List.of();
    String page = withoutScripts(ReportPage.html(bare.content()));
    assertFalse(page.contains("id=\"depth\""));
    assertFalse(page.contains("id=\"training\""));
    assertFalse(page.contains("What it sees"));
  }

  @Test
  void whatARefusedFileLacksIsADash() {
    String page =
        withoutScripts(ReportPage.html(ReportPageInBrowserTest.withRefusedFile().content()));
    assertTrue(page.contains("data-label=\"Accuracy\">\u2013<"));
    assertTrue(page.contains("data-label=\"Latency, median / p90\"><span>\u2013"));
    assertTrue(page.contains("an empty file"));
  }

  @Test
  void saysHowLatencyWasMeasuredAndWhichBytesArePlotted() {
    String page = withoutScripts(ReportPage.html(new SampleRun().content()));
    assertTrue(page.contains("one image at a time, one thread, median of 200 runs after 20."));
    assertTrue(page.contains("networks and files, by file size"));
    assertTrue(page.contains("by weights of the network, before fine-tuning"));
  }

  @Test
  void saysWhatEachStageWasAskedFor() {
    String page = withoutScripts(ReportPage.html(new SampleRun().content()));
    assertTrue(page.contains("<dt>Training asked for</dt><dd>data fashion-mnist-mini, "));
    assertTrue(page.contains("<dt>Pruning asked for</dt><dd>at most 1.0 points of accuracy lost"));
  }

  @Test
  void isWrittenInUtf8() throws IOException {
    Path file = folder.resolve("report.html");
    ReportPage.write(new SampleRun().content(), file);
    assertEquals(ReportPage.html(new SampleRun().content()), Files.readString(file));
  }

  static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  private static String withoutScripts(String html) {
    return SCRIPT.matcher(html).replaceAll("");
  }
}

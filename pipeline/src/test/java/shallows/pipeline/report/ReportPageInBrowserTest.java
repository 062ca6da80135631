package shallows.pipeline.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.answers.Answers;
import shallows.export.answers.ChangedAnswers;
import shallows.pipeline.report.SampleExports.Checked;
import shallows.train.evidence.SurvivalStatistics;

/** Opens the page in headless Chromium and looks at what its scripts made of it. */
class ReportPageInBrowserTest {
  /** A chart of 15 blocks has more parts than this; an empty frame with its axes has fewer. */
  private static final int FEWEST_PATHS = 60;

  /** More files on one spot of the chart than labels have room there. */
  private static final int CROWD = 12;

  private static final int SIDES = 4;

  @TempDir Path folder;
  private Chromium chromium;

  /** Before each test: surefire counts only skipped tests, not a class that never began. */
  @BeforeEach
  void findChromium() {
    chromium = Chromium.orSkip(folder);
  }

  @Test
  void drawsEveryChart() throws Exception {
    String page = opened(new SampleRun().content());
    assertFalse(page.contains("data-error"), () -> "an error on the page: " + error(page));
    assertEquals(5, ReportPageTest.count(page, "<svg "));
    int paths = ReportPageTest.count(page, "<path ");
    assertTrue(paths > FEWEST_PATHS, () -> "only " + paths + " paths were drawn");
    assertTrue(page.contains(">full network</text>"), "a point's label is missing");
  }

  /** The colours of the page in the light, where each form has its own. */
  @Test
  void drawsBlocksOfEachFormInItsColour() throws Exception {
    SampleRun run = new SampleRun();
    run.decisions = "knldkksldBkbddd";
    String page = opened(run.content());
    assertFalse(page.contains("data-error"), () -> "an error on the page: " + error(page));
    for (String form : List.of("keep", "narrow", "linear", "scale", "binarize")) {
      String colour = page.replaceFirst("(?s).*?--" + form + ": (#[0-9a-f]{6});.*", "$1");
      assertTrue(page.contains("fill=\"" + colour + "\""), () -> form + " has no " + colour);
    }
  }

  @Test
  void whatWasNotTrainedIsNotSaidToBe() throws Exception {
    SampleRun run = new SampleRun();
    run.training = List.of();
    run.fineTuning = List.of();
    String page = opened(run.content());
    assertFalse(page.contains("data-error"), () -> "an error on the page: " + error(page));
    assertFalse(page.contains("Every training step") || page.contains("pruned and fine-tuned"));
  }

  @Test
  void drawsTheOthersWhereAFileWasRefused() throws Exception {
    String page = opened(withRefusedFile().content());
    assertFalse(page.contains("data-error"), () -> "an error on the page: " + error(page));
    assertEquals(5, ReportPageTest.count(page, "<svg "));
  }

  @Test
  void leavesOutTheLabelsThatWouldLieOnOthers() throws Exception {
    SampleRun run = new SampleRun();
    run.members =
        IntStream.rangeClosed(0, CROWD).mapToObj(i -> i < CROWD ? "size" + i : "chosen").toList();
    List<Checked> crowd = new ArrayList<>(List.of(run.files.get(0)));
    run.members.forEach(name -> crowd.add(run.files.get(1).ofMember(name)));
    run.files = crowd;
    String page = opened(run.content());
    assertFalse(page.contains("data-error"), () -> "an error on the page: " + error(page));
    // Their marks are on one spot of each of two charts, where a label lies on one of four sides.
    int labels = ReportPageTest.count(page, " fp32 ONNX</text>");
    assertTrue(labels <= 2 * SIDES, () -> labels + " labels on one spot");
    assertTrue(page.contains(">full network</text>") && page.contains(">pruned</text>"));
  }

  @Test
  void drawsWhatLittleThereIs() throws Exception {
    SampleRun run = new SampleRun();
    run.files = List.of();
    run.curve = List.of();
    run.survival =
        new SurvivalStatistics(run.survival.steps(), run.survival.blocks().subList(0, 1));
    run.training = run.training.subList(0, 1);
    run.fineTuning = List.of();
    run.samples = List.of();
    run.maxDrop = 0;
    String page = opened(run.content());
    assertFalse(page.contains("data-error"), () -> "an error on the page: " + error(page));
    assertEquals(4, ReportPageTest.count(page, "<svg "));
  }

  @Test
  void runsNoScriptThatAClassNameBrings() throws Exception {
    SampleRun run = new SampleRun();
    run.classes = new ArrayList<>(SampleRun.CLASSES);
    run.classes.set(9, "<script>document.title='taken'</script>");
    run.classes.set(6, "\"><img src=x onerror=\"document.title='taken'\">");
    String page = opened(run.content());
    assertTrue(page.contains("<title>Shallows: fashion-mnist-mini</title>"));
    assertFalse(page.contains("data-error"), () -> "an error on the page: " + error(page));
  }

  @Test
  void listsTheImagesThatTheChosenFileLostByNameAndPicture() throws Exception {
    SampleRun run = new SampleRun();
    run.listed = ChangedAnswers.MOST;
    String page = opened(run.content());
    assertEquals(
        LostView.LOST_LISTED, ReportPageTest.count(page, "\u2717 wrong now</span>"), "wrong now");
    assertEquals(LostView.WON_LISTED, ReportPageTest.count(page, "\u2713 right now</span>"));
    assertTrue(page.matches("(?s).*<p class=\"note source\">test/6/IMG_\\d+\\.jpg</p>.*"));
    assertTrue(page.contains("alt=\"Test image test/6/IMG_"), "a picture is missing");
    assertTrue(page.contains("<li>Shirt for Coat: <b>"), "in words");
    int cells = ReportPageTest.count(page, ">29</text>");
    assertTrue(cells > 0, "the largest confusion is not in the matrix");
  }

  @Test
  void showsTheAnswersOfWhateverIsChosen() throws Exception {
    SampleRun run = new SampleRun();
    run.listed = ChangedAnswers.MOST;
    Path file = folder.resolve("chosen.html");
    String html = ReportPage.html(run.content());
    // The charts' library has texts of tags in it, too.
    int end = html.lastIndexOf("</body>");
    Files.writeString(
        file,
        html.substring(0, end)
            + "<script>(function () { const of = document.getElementById('lost-of'); of.value = '0';"
            + "of.dispatchEvent(new Event('change')); })();</script>"
            + html.substring(end));
    String page = chromium.opened(file).replaceAll("(?s)<script.*?</script>", "");
    assertFalse(page.contains("data-error"), () -> "an error on the page: " + error(page));
    assertTrue(page.contains("The other networks and files are compared with this one."));
    assertFalse(page.contains("\u2717 wrong now</span>"));
    assertEquals(0, ReportPageTest.count(page, ">29</text>"), "the matrix of another network");
  }

  /** Each of 24 files with all that is listed, and pictures of noise, which compress worst. */
  @Test
  void aHundredClassesStayWithinThreeMegabytes() throws Exception {
    SampleRun run = new SampleRun();
    run.listed = Answers.MOST_CONFUSIONS;
    run.testImages = 20_000;
    run.accuracy = 0.5;
    run.classes = IntStream.range(0, 100).mapToObj(i -> "a class of a usual name " + i).toList();
    run.members = List.of("base", "small", "nano", "tiny", "least", "chosen");
    List<Checked> files = new ArrayList<>(List.of(run.files.get(0)));
    for (String member : run.members) {
      run.files.subList(1, 5).forEach(each -> files.add(each.ofMember(member)));
    }
    run.files = files;
    byte[] noise = new byte[224 * 224 * 3];
    new Random(1).nextBytes(noise);
    run.samples =
        IntStream.range(0, 24)
            .mapToObj(i -> new Sample(noise, 224, 224, 3, i, new float[100], new float[100]))
            .toList();
    ReportContent content = run.content();
    Map<Integer, Picture> pictures = new LinkedHashMap<>();
    content.pictures().keySet().forEach(i -> pictures.put(i, new Picture(noise, 224, 224, 3)));
    ReportContent large =
        new ReportContent(content.report(), run.samples, pictures, content.provenance());
    int bytes = ReportPage.html(large).getBytes(StandardCharsets.UTF_8).length;
    assertTrue(bytes < 3_000_000, () -> bytes + " bytes");
    String page = opened(large);
    assertFalse(page.contains("data-error"), () -> "an error on the page: " + error(page));
  }

  /** The first file's runtime refused it, so nothing was measured. */
  static SampleRun withRefusedFile() {
    SampleRun run = new SampleRun();
    run.files = new ArrayList<>(run.files);
    run.files.set(0, run.files.get(0).refused());
    return run;
  }

  /** The document as it is after its scripts have run. */
  private String opened(ReportContent content) throws IOException, InterruptedException {
    Path file = folder.resolve("report.html");
    ReportPage.write(content, file);
    String page = chromium.opened(file);
    // The scripts themselves would count as what they draw.
    return page.replaceAll("(?s)<script.*?</script>", "");
  }

  private static String error(String page) {
    int at = page.indexOf("data-error");
    return page.substring(at, Math.min(page.length(), at + 200));
  }
}

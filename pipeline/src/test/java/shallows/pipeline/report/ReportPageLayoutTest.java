package shallows.pipeline.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import shallows.pipeline.report.SampleExports.Checked;

/**
 * Measures in headless Chromium where everything lies on the page, in a frame as wide as a phone, a
 * window or what is printed of a sheet of paper. A frame is always a screen, so for paper the rules
 * for print are made rules for all.
 */
class ReportPageLayoutTest {
  private static final Pattern MEASURED = Pattern.compile("<pre id=\"measured\">(.*?)</pre>");

  /** What WCAG 2.2 asks of text of usual size. */
  private static final double LEAST_CONTRAST = 4.5;

  /** One browser measures all: it takes seconds to begin. */
  private static final Map<Case, Measured> FOUND = new HashMap<>();

  @TempDir Path folder;

  /**
   * What is looked at.
   *
   * @param names whether the page has names as people have them, which are long
   */
  record Case(boolean names, Medium medium, boolean dark) {
    static Case of(Medium medium) {
      return new Case(false, medium, false);
    }
  }

  /** One for the script. */
  record Frame(String page, int width, boolean paper) {}

  /** In CSS pixels, of which an inch has 96; paper has margins of 14 mm. */
  enum Medium {
    PHONE(390, Integer.MAX_VALUE, false),
    WINDOW(1200, Integer.MAX_VALUE, false),
    A4(688, 1016, true),
    LETTER(710, 950, true);

    private final int width;
    private final int height;
    private final boolean paper;

    Medium(int width, int height, boolean paper) {
      this.width = width;
      this.height = height;
      this.paper = paper;
    }
  }

  /**
   * What the script found.
   *
   * @param trouble a chart's error, else empty
   * @param outside texts and boxes that lie partly beside the page, and those cut off
   * @param charts one a chart
   * @param faint texts that hardly differ from what is behind them
   * @param blocks where the figure of the blocks ends, behind which a sheet may end
   */
  record Measured(
      String trouble,
      List<String> outside,
      List<Chart> charts,
      List<String> faint,
      double blocks) {}

  /**
   * @param share of the page's width, in [0, 1]
   * @param texts how many
   * @param cut texts that lie partly beside the drawing
   */
  record Chart(String id, double share, int texts, List<String> cut) {}

  @BeforeEach
  void measuresAllOnce() throws Exception {
    Chromium chromium = Chromium.orSkip(folder);
    if (FOUND.isEmpty()) {
      List<Case> cases = new ArrayList<>(List.of(new Case(false, Medium.WINDOW, true)));
      for (Medium medium : Medium.values()) {
        cases.add(Case.of(medium));
        cases.add(new Case(true, medium, false));
      }
      List<Measured> measured = measured(chromium, cases);
      for (int i = 0; i < cases.size(); i++) {
        FOUND.put(cases.get(i), measured.get(i));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsCutAndEveryChartIsWhole(Medium medium) {
    for (boolean names : new boolean[] {false, true}) {
      Measured measured = FOUND.get(new Case(names, medium, false));
      assertEquals("", measured.trouble());
      assertEquals(List.of(), measured.outside());
      assertEquals(5, measured.charts().size());
      for (Chart chart : measured.charts()) {
        assertEquals(List.of(), chart.cut(), chart.id());
        assertTrue(chart.texts() > 10, () -> chart.id() + " has " + chart.texts() + " texts");
        // The rest is the margin and padding of a section.
        // The matrix has a list beside it where there is room.
        double least = chart.id().equals("confusions") ? 0.5 : 0.75;
        assertTrue(chart.share() > least, () -> chart.id() + " is " + chart.share() + " wide");
        assertTrue(chart.share() <= 1, () -> chart.id() + " is " + chart.share() + " wide");
      }
    }
  }

  /** The chart that follows is too high for what is left of the sheet, so that stays empty. */
  @ParameterizedTest
  @EnumSource(names = {"A4", "LETTER"})
  void theFirstSheetIsFilled(Medium sheet) {
    double blocks = FOUND.get(Case.of(sheet)).blocks();

    assertTrue(blocks > 0.75 * sheet.height && blocks < sheet.height, () -> blocks + " px");
  }

  @Test
  void textsDifferFromWhatIsBehindThemInTheLightAndInTheDark() {
    for (boolean dark : new boolean[] {false, true}) {
      assertEquals(List.of(), FOUND.get(new Case(false, Medium.WINDOW, dark)).faint());
    }
  }

  /** File and class names as people have them, and every block with a long reason. */
  private static ReportContent withLongNames() {
    SampleRun run = new SampleRun();
    run.data = "photographs-of-everything-that-was-found-in-the-cellar-2026-11-29";
    run.classes = new ArrayList<>(SampleRun.CLASSES);
    Collections.replaceAll(run.classes, "Bag", "Donaudampfschifffahrtsgesellschaftskapitänsmütze");
    run.members = List.of("a-member-with-a-long-name", "another-one");
    List<Checked> files = new ArrayList<>();
    run.files.forEach(file -> run.members.forEach(name -> files.add(file.ofMember(name))));
    run.files = files;
    return run.content();
  }

  private List<Measured> measured(Chromium chromium, List<Case> cases)
      throws IOException, InterruptedException {
    List<Frame> frames = new ArrayList<>();
    for (Case each : cases) {
      String page = ReportPage.html(each.names() ? withLongNames() : new SampleRun().content());
      if (each.dark()) {
        page = page.replace("(prefers-color-scheme: dark)", "(min-width: 1px)");
      }
      frames.add(new Frame(page, each.medium().width, each.medium().paper));
    }
    Gson gson = new Gson();
    String script =
        resource("layout.html")
            .replace("LEAST_CONTRAST", Double.toString(LEAST_CONTRAST))
            // Gson writes < as an escape, so that no page can end the script that holds it.
            .replace("\"JOBS\"", gson.toJson(frames));
    Path file = folder.resolve("layout.html");
    Files.writeString(file, script);
    Matcher found = MEASURED.matcher(chromium.opened(file));
    assertTrue(found.find(), "nothing was measured");
    String json = found.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    return List.of(gson.fromJson(json, Measured[].class));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ReportPageLayoutTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

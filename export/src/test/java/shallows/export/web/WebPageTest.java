package shallows.export.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.ExportFormat;
import shallows.export.bundle.Bundle;
import shallows.export.bundle.BundleFiles;

/** The page of a small family, in headless Chromium. */
class WebPageTest {
  @TempDir static Path folder;
  private static Bundle bundle;
  private static WebServer server;
  private static Browser browser;

  @BeforeAll
  static void open() throws Exception {
    WebRuntime runtime = TestPage.runtimeOrSkip();
    browser = Browser.startOrSkip(folder.resolve("profile"));
    Path files = TestPage.bundleOr(folder.resolve("bundle"));
    bundle = BundleFiles.read(files).description();
    WebPage page = WebPage.write(files, runtime, folder.resolve("site"));
    server = WebServer.start(page, InetAddress.getLoopbackAddress(), 0);
  }

  @AfterAll
  static void close() throws Exception {
    if (server != null) {
      server.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void load() throws Exception {
    browser.forget();
    browser.open(server.address());
  }

  @Test
  void everyModelPassesItsSelfCheckInWords() throws Exception {
    assertEquals(
        "Everything works: on "
            + bundle.samples().size()
            + " samples, every model gives in this browser what it gave when it was verified.",
        text("verdict"));
    assertEquals(
        models().size(),
        browser.evaluate("document.querySelectorAll('#checked tbody tr').length").getAsInt());
    assertFalse(browser.evaluate("document.getElementById('work').hidden").getAsBoolean());
  }

  @Test
  void everySampleGetsItsClassInEveryModel() throws Exception {
    for (int model = 0; model < models().size(); model++) {
      select(model);
      for (int sample = 0; sample < bundle.samples().size(); sample++) {
        clickSample(sample);
        List<Float> logits = bundle.samples().get(sample).logits().get(models().get(model).file());
        String shown = text("best");
        int answer = bundle.labels().indexOf(shown.substring(0, shown.lastIndexOf(", ")));
        float best = Collections.max(logits);
        // As near to the best as the self-check allows, where two classes are as good as equal.
        Double rounding = models().get(model).rounding();
        double allowed =
            Math.max(0.05 * Math.max(1, Math.abs(best)), rounding == null ? 0 : 2 * rounding);
        assertTrue(logits.get(answer) >= best - allowed, models().get(model).file() + ": " + shown);
      }
    }
  }

  @Test
  void theComparisonHasARowForEachModel() throws Exception {
    click("compare");
    browser.until("document.querySelectorAll('#compared tbody tr').length === " + models().size());
    String rows = text("compared");
    for (Bundle.Model model : models()) {
      String network = model.member() == null ? words(model.network()) : model.member();
      assertTrue(rows.contains(network + " " + words(model.precision())), rows);
    }
  }

  @Test
  void aDroppedPngIsClassifiedAsTheSampleThatItIs() throws Exception {
    clickSample(2);
    String expected = text("bars");
    clickSample(0);
    browser.evaluate(
        "(async () => { const file = await (await fetch('bundle/"
            + bundle.samples().get(2).file()
            + "')).blob(); const dropped = new DataTransfer();"
            + "dropped.items.add(new File([file], 'picture.png', { type: 'image/png' }));"
            + "document.body.dispatchEvent(new DragEvent('drop',"
            + " { dataTransfer: dropped, bubbles: true, cancelable: true })); })()");
    browser.until("document.getElementById('bars').textContent === " + quoted(expected));
  }

  @Test
  void aChosenFileIsClassifiedAndWhatIsNoPictureIsSaid() throws Exception {
    clickSample(1);
    String expected = text("bars");
    clickSample(0);
    choose(folder.resolve("site/bundle").resolve(bundle.samples().get(1).file()));
    browser.until("document.getElementById('bars').textContent === " + quoted(expected));
    choose(folder.resolve("site/index.html"));
    browser.until("!document.getElementById('problem').hidden");
    assertEquals("This picture cannot be read; choose another one.", text("problem"));
    assertEquals(expected, text("bars"));
  }

  @Test
  void aDrawingIsClassified() throws Exception {
    Canvas board = board();
    Canvas seen = new Canvas(browser, "seen");
    Canvas.Place corner = board.corner();
    board.mouse("mousePressed", corner.plus(60, 60));
    board.mouse("mouseMoved", corner.plus(120, 120));
    board.mouse("mouseReleased", corner.plus(120, 120));
    browser.until(seen.lit() + " > 0");
    // On black; a stroke of a third of the square's diagonal leaves most of it black.
    int lit = seen.number(seen.lit());
    assertTrue(lit > 10 && lit < 28 * 28 / 3, lit + " pixels");
    click("clear");
    assertEquals(0, board.number(board.lit()));
  }

  /** Downwards, which would scroll the page elsewhere, with the palm on the glass. */
  @Test
  void aFingerDrawsWhereAnotherTouchesToo() throws Exception {
    browser.call("Emulation.setTouchEmulationEnabled", Map.of("enabled", true));
    try {
      Canvas board = board();
      Canvas seen = new Canvas(browser, "seen");
      Canvas.Place corner = board.corner();
      Canvas.Place palm = corner.plus(250, 250);
      int scrolled = browser.evaluate("scrollY").getAsInt();
      board.touch("touchStart", corner.plus(60, 40));
      for (int y = 50; y <= 220; y += 10) {
        board.touch("touchMove", corner.plus(60, y));
      }
      int stroke = board.number(board.lit());
      board.touch("touchStart", corner.plus(60, 220), palm);
      board.touch("touchMove", corner.plus(60, 220), palm.plus(-5, 0));
      assertEquals(stroke, board.number(board.lit()));
      board.touch("touchEnd");
      browser.until(seen.lit() + " > 0");
      assertEquals(scrolled, browser.evaluate("scrollY").getAsInt());
      // A pen of a twelfth of the width along two thirds of the height.
      int all = board.number("document.getElementById('board').width") * 280;
      assertTrue(stroke > all / 30 && stroke < all / 10, stroke + " pixels of " + all);
    } finally {
      browser.call("Emulation.setTouchEmulationEnabled", Map.of("enabled", false));
    }
  }

  private static Canvas board() throws Exception {
    click("draw");
    return new Canvas(browser, "board");
  }

  @Test
  void theBenchmarkTimesEveryModel() throws Exception {
    click("measure");
    browser.until("document.getElementById('measuring').textContent === 'Measured.'");
    assertEquals(
        models().size(),
        browser.evaluate("document.querySelectorAll('#measured tbody tr').length").getAsInt());
  }

  @Test
  void lightAndDarkAreSwapped() throws Exception {
    Canvas seen = new Canvas(browser, "seen");
    int before = seen.number(seen.sum());
    click("invert");
    browser.until(seen.sum() + " !== " + before);
    int pixels = bundle.input().height() * bundle.input().width();
    assertEquals(255 * pixels - before, seen.number(seen.sum()));
  }

  @Test
  void nothingIsAskedOfOtherHostsAndNothingIsComplainedOf() throws Exception {
    String own = server.address().toString();
    List<String> others =
        browser.requests().stream()
            .filter(request -> !request.startsWith(own) && !request.startsWith("blob:" + own))
            .toList();
    assertEquals(List.of(), others);
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  void theSecurityPolicyForbidsOtherHosts() throws Exception {
    assertEquals(
        "connect-src",
        browser.text(
            "new Promise((done) => { addEventListener('securitypolicyviolation',"
                + " (event) => done(event.effectiveDirective));"
                + " fetch('http://127.0.0.1:1/').catch(() => {}); })"));
  }

  private static List<Bundle.Model> models() {
    return bundle.models().stream().filter(model -> model.format() == ExportFormat.ONNX).toList();
  }

  /** As {@code model.json} has it. */
  private static String words(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String text(String id) throws Exception {
    return browser.text("document.getElementById('" + id + "').textContent");
  }

  private static void click(String id) throws Exception {
    browser.evaluate("document.getElementById('" + id + "').click()");
  }

  /** Waits for the answer to what is seen now. */
  private static void clickSample(int index) throws Exception {
    answered("document.querySelectorAll('#samples button')[" + index + "].click()");
  }

  private static void select(int model) throws Exception {
    answered(
        "{ const models = document.getElementById('model'); models.value = '"
            + model
            + "'; models.dispatchEvent(new Event('change')); }");
  }

  private static void answered(String action) throws Exception {
    browser.evaluate(
        "new Promise((done) => { const cost = document.getElementById('cost');"
            + "new MutationObserver((seen, observer) => { observer.disconnect(); done(true); })"
            + ".observe(cost, { childList: true });"
            + action
            + "; })");
  }

  private static void choose(Path file) throws Exception {
    var document = browser.call("DOM.getDocument", Map.of()).getAsJsonObject("root");
    int node =
        browser
            .call(
                "DOM.querySelector",
                Map.of("nodeId", document.get("nodeId").getAsInt(), "selector", "#file"))
            .get("nodeId")
            .getAsInt();
    browser.call(
        "DOM.setFileInputFiles", Map.of("nodeId", node, "files", List.of(file.toString())));
  }

  private static String quoted(String text) {
    return new Gson().toJson(text);
  }
}

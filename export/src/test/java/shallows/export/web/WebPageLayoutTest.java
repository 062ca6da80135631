package shallows.export.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where everything lies on the page, from a small phone to a wide window, and what is read out. */
class WebPageLayoutTest {
  /** What WCAG 2.2 asks of text of usual size. */
  private static final double LEAST_CONTRAST = 4.5;

  private static final int HEIGHT = 900;

  @TempDir static Path folder;
  private static WebServer server;
  private static Browser browser;

  @BeforeAll
  static void open() throws Exception {
    WebRuntime runtime = TestPage.runtimeOrSkip();
    browser = Browser.startOrSkip(folder.resolve("profile"));
    Path bundle = TestPage.bundleOr(folder.resolve("bundle"));
    WebPage page = WebPage.write(bundle, runtime, folder.resolve("site"));
    server = WebServer.start(page, InetAddress.getLoopbackAddress(), 0);
    browser.open(server.address());
    browser.evaluate(
        "document.getElementById('compare').click(); document.querySelector('details').open = true");
    browser.until("document.querySelector('#compared table')");
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

  @ParameterizedTest
  @ValueSource(ints = {320, 390, 767, 768, 1200, 1600})
  void nothingLiesBesideThePageAndTargetsAreLargeEnough(int width) throws Exception {
    size(width);
    shot("page-" + width);
    List<String> wrong = new ArrayList<>();
    for (JsonElement each : browser.evaluate(MEASURE).getAsJsonArray()) {
      wrong.add(each.getAsString());
    }
    assertEquals(List.of(), wrong);
  }

  private static final String MEASURE =
      "(() => { const wrong = []; const width = document.documentElement.clientWidth;"
          + "if (document.documentElement.scrollWidth > width) wrong.push('the page scrolls');"
          + "for (const part of document.querySelectorAll('body *')) {"
          + "  const box = part.getBoundingClientRect();"
          + "  if (box.width === 0 || part.closest('.scroll') || part.closest('.unseen')) continue;"
          + "  if (box.left < 0 || box.right > width + 1) wrong.push(part.tagName + ' ' + part.id);"
          + "  if (part.matches('button, select, summary, .switch') && box.height < 44)"
          + "    wrong.push('small: ' + part.id + ' ' + box.height); }"
          + "return wrong; })()";

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void textStandsOutFromWhatIsBehindIt(String scheme) throws Exception {
    size(390);
    browser.call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    shot("page-" + scheme);
    double least = browser.evaluate(CONTRAST).getAsDouble();
    assertTrue(least >= LEAST_CONTRAST, scheme + ": " + least);
  }

  /** The least contrast of all texts that are seen, by the formula of WCAG. */
  private static final String CONTRAST =
      "(() => { const light = (colour) => { const [r, g, b] = colour.match(/[\\d.]+/g)"
          + ".map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);"
          + "  return 0.2126 * r + 0.7152 * g + 0.0722 * b; };"
          + "const behind = (part) => { for (let p = part; p; p = p.parentElement) {"
          + "  const c = getComputedStyle(p).backgroundColor; if (c !== 'rgba(0, 0, 0, 0)') return c; }"
          + "  return 'rgb(255, 255, 255)'; };"
          + "let least = 21;"
          + "for (const part of document.querySelectorAll('body *')) {"
          + "  const own = [...part.childNodes].some((n) => n.nodeType === 3 && n.data.trim());"
          + "  if (!own || part.getBoundingClientRect().width === 0 || part.disabled) continue;"
          + "  const a = light(getComputedStyle(part).color), b = light(behind(part));"
          + "  least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)); }"
          + "return least; })()";

  @Test
  void everythingThatCanBeUsedHasANameAndARole() throws Exception {
    List<String> named = new ArrayList<>();
    for (JsonElement each :
        browser.call("Accessibility.getFullAXTree", Map.of()).getAsJsonArray("nodes")) {
      JsonObject node = each.getAsJsonObject();
      String role = value(node, "role");
      if (List.of("button", "combobox", "switch", "image", "list", "link", "region")
          .contains(role)) {
        String name = value(node, "name");
        named.add(role + " " + name);
        assertTrue(!name.isBlank() || role.equals("list"), node.toString());
      }
    }
    for (String expected :
        List.of(
            "button Camera",
            "button Choose a picture",
            "switch Compare all models",
            "combobox Model",
            "image The picture as the network sees it",
            "button Measure")) {
      assertTrue(named.contains(expected), expected + " in " + named);
    }
  }

  private static String value(JsonObject node, String key) {
    JsonObject found = node.getAsJsonObject(key);
    return found == null || !found.has("value") ? "" : found.get("value").getAsString();
  }

  @Test
  void theKeyboardReachesEverythingInOrderAndWorksIt() throws Exception {
    browser.evaluate("document.activeElement.blur(); scrollTo(0, 0); document.body.focus()");
    List<String> reached = new ArrayList<>();
    while (!reached.contains("measure") && reached.size() < 60) {
      key("Tab", 9);
      reached.add(
          browser.text("document.activeElement.id || document.activeElement.ariaLabel || ''"));
    }
    assertTrue(
        reached.containsAll(List.of("camera", "choose", "model", "compare", "measure")),
        reached.toString());
    browser.evaluate("document.querySelectorAll('#samples button')[1].focus()");
    String before = browser.text("document.getElementById('cost').textContent");
    browser.evaluate("document.getElementById('cost').textContent = ''");
    key("Enter", 13);
    browser.until("document.getElementById('cost').textContent !== ''");
    assertTrue(!before.isEmpty());
  }

  private static void key(String name, int code) throws Exception {
    for (String type : List.of("rawKeyDown", "char", "keyUp")) {
      if (!type.equals("char") || name.equals("Enter")) {
        browser.call(
            "Input.dispatchKeyEvent",
            Map.of(
                "type", type,
                "key", name,
                "code", name,
                "text", name.equals("Enter") ? "\r" : "",
                "windowsVirtualKeyCode", code));
      }
    }
  }

  private static void size(int width) throws Exception {
    browser.call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", width < 768));
  }

  /** Kept for whoever looks at it. */
  private static void shot(String name) throws Exception {
    Path screenshots = Files.createDirectories(Path.of("target/screenshots"));
    String data =
        browser
            .call("Page.captureScreenshot", Map.of("captureBeyondViewport", true))
            .get("data")
            .getAsString();
    Files.write(screenshots.resolve(name + ".png"), Base64.getDecoder().decode(data));
  }
}

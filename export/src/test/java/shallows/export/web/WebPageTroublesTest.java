package shallows.export.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page where something is not as it should be, and the camera. */
class WebPageTroublesTest {
  /** Of the picture that the camera sees. */
  private static final int SCALE = 10;

  /** Of a level are lost on the way to those of video and back, and some at edges. */
  private static final double VIDEO_STEPS = 3;

  @TempDir static Path folder;
  private static WebRuntime runtime;
  private static Path bundle;

  @BeforeAll
  static void bundle() {
    runtime = TestPage.runtimeOrSkip();
    bundle = folder.resolve("bundle");
    TestPage.bundle(bundle, 1);
  }

  @Test
  void theCameraIsClassifiedLiveAndItsRefusalIsTold() throws Exception {
    BufferedImage sample = ImageIO.read(bundle.resolve("sample1.png").toFile());
    Path video = Files.write(folder.resolve("video.y4m"), y4m(sample));
    WebPage page = WebPage.write(bundle, runtime, folder.resolve("camera"));
    try (WebServer server = WebServer.start(page, InetAddress.getLoopbackAddress(), 0);
        Browser browser =
            Browser.startOrSkip(
                folder.resolve("camera-profile"),
                "--use-fake-device-for-media-stream",
                "--use-file-for-fake-video-capture=" + video)) {
      permit(browser, "denied");
      browser.open(server.address());
      browser.evaluate("document.getElementById('camera').click()");
      browser.until("!document.getElementById('problem').hidden");
      assertTrue(
          browser
              .text("document.getElementById('problem').textContent")
              .startsWith("The camera is not allowed here."));

      permit(browser, "granted");
      browser.evaluate(
          "document.getElementById('best').textContent = '';"
              + "document.getElementById('camera').click()");
      browser.until("document.getElementById('best').textContent !== ''");
      assertTrue(browser.evaluate("document.getElementById('problem').hidden").getAsBoolean());
      assertFalse(browser.evaluate("document.getElementById('live').hidden").getAsBoolean());
      assertTrue(
          difference(browser, sample) <= VIDEO_STEPS, difference(browser, sample) + " levels");

      browser.evaluate("document.getElementById('camera').click()");
      assertTrue(
          browser.evaluate("document.getElementById('video').srcObject === null").getAsBoolean());
    }
  }

  private static void permit(Browser browser, String setting) throws Exception {
    browser.call(
        "Browser.setPermission",
        Map.of("permission", Map.of("name", "camera"), "setting", setting));
  }

  /** What the network sees against a sample, in levels on average. */
  private static double difference(Browser browser, BufferedImage sample) throws Exception {
    var seen =
        browser
            .evaluate(
                "(() => { const seen = document.getElementById('seen');"
                    + "return Array.from(seen.getContext('2d')"
                    + ".getImageData(0, 0, seen.width, seen.height).data)"
                    + ".filter((value, i) => i % 4 === 0); })()")
            .getAsJsonArray();
    double sum = 0;
    for (int i = 0; i < seen.size(); i++) {
      int x = i % sample.getWidth();
      int y = i / sample.getWidth();
      sum += Math.abs(seen.get(i).getAsInt() - sample.getRaster().getSample(x, y, 0));
    }
    return sum / seen.size();
  }

  /** One frame of YUV4MPEG2 with the levels of video, 16 to 235; no colours. */
  private static byte[] y4m(BufferedImage image) throws IOException {
    int width = SCALE * image.getWidth();
    int height = SCALE * image.getHeight();
    ByteArrayOutputStream video = new ByteArrayOutputStream();
    String head = "YUV4MPEG2 W" + width + " H" + height + " F10:1 Ip A1:1 C420mpeg2\nFRAME\n";
    video.write(head.getBytes(StandardCharsets.US_ASCII));
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int level = image.getRaster().getSample(x / SCALE, y / SCALE, 0);
        video.write(Math.round(16 + level * 219 / 255f));
      }
    }
    byte[] noColour = new byte[width * height / 2];
    java.util.Arrays.fill(noColour, (byte) 128);
    video.write(noColour);
    return video.toByteArray();
  }

  @Test
  void worksWithoutANetworkAfterTheFirstVisit() throws Exception {
    WebPage page = WebPage.write(bundle, runtime, folder.resolve("offline"));
    try (Browser browser = Browser.startOrSkip(folder.resolve("offline-profile"))) {
      try (WebServer server = WebServer.start(page, InetAddress.getLoopbackAddress(), 0)) {
        browser.open(server.address());
        browser.until("document.getElementById('offline').textContent !== ''");
        browser.until("navigator.serviceWorker.controller !== null");
      }
      // Nobody is there any more whom it could ask.
      browser.call("Page.reload", Map.of());
      browser.until("document.body && !document.body.dataset.ready || true");
      browser.until("document.body && document.body.dataset.ready");
      assertTrue(
          browser
              .text("document.getElementById('verdict').textContent")
              .startsWith("Everything works: on 9 samples"));
    }
  }

  @Test
  void whatIsDamagedIsNamedAndNotOffered() throws Exception {
    WebPage page = WebPage.write(bundle, runtime, folder.resolve("damaged"));
    Path files = page.folder().resolve("bundle");
    Files.write(files.resolve(TestPage.RUN + "-int8.onnx"), new byte[] {1, 2, 3});
    Files.copy(
        files.resolve("sample1.png"),
        files.resolve("sample2.png"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    try (WebServer server = WebServer.start(page, InetAddress.getLoopbackAddress(), 0);
        Browser browser = Browser.startOrSkip(folder.resolve("damaged-profile"))) {
      browser.open(server.address());
      assertTrue(
          browser
              .text("document.getElementById('verdict').textContent")
              .startsWith("Something is wrong: "));
      String checked = browser.text("document.getElementById('checked').textContent");
      assertTrue(
          checked.contains(TestPage.RUN + "-int8.onnx is not the file that was verified"), checked);
      assertTrue(checked.contains("sample2.png is not the file that was verified"), checked);
      assertTrue(
          browser
              .text("document.querySelector('#model option[disabled]').textContent")
              .startsWith("pruned int8: not offered, "));
      assertEquals(
          8, browser.evaluate("document.querySelectorAll('#samples button').length").getAsInt());

      // Without any picture a model is still measured.
      for (int i = 1; i <= 9; i++) {
        Files.delete(files.resolve("sample" + i + ".png"));
      }
      browser.open(server.address().resolve("?without"));
      browser.evaluate("document.getElementById('measure').click()");
      browser.until("document.querySelectorAll('#measured tr').length > 1");

      JsonObject unbounded =
          JsonParser.parseString(Files.readString(files.resolve("model.json"))).getAsJsonObject();
      JsonObject first = unbounded.getAsJsonArray("models").get(0).getAsJsonObject();
      first.addProperty("rounding", "Infinity");
      Files.writeString(files.resolve("model.json"), unbounded.toString());
      browser.open(server.address().resolve("?unbounded"));
      String state = browser.text("document.getElementById('state').textContent");
      assertTrue(state.startsWith("This page cannot be used: bundle/model.json is damaged"), state);
      assertTrue(state.contains("rounding of "), state);

      Files.writeString(files.resolve("model.json"), "{\"version\": 2}");
      browser.open(server.address().resolve("?again"));
      assertEquals(
          "This page cannot be used: bundle/model.json is damaged (version 2, this page knows 1);"
              + " make the page again.",
          browser.text("document.getElementById('state').textContent"));
      assertTrue(browser.evaluate("document.getElementById('work').hidden").getAsBoolean());
    }
  }

  /** The page as if another runtime had verified a file, whose outputs are off by 0.3. */
  @Test
  void integersMayBeRoundedOtherwiseAsFarAsThatExplains() throws Exception {
    String int8 = TestPage.RUN + "-full-int8.onnx";
    assertEquals("passed", checked(int8, 0.2));
    assertEquals("other outputs for sample1.png than were verified", checked(int8, 0.1));
    // What computes with floats rounds nothing.
    assertEquals(
        "other outputs for sample1.png than were verified",
        checked(TestPage.RUN + "-full-fp32.onnx", 0.2));
  }

  private static String checked(String file, double rounding) throws Exception {
    String name = file.replaceAll("\\W", "") + rounding;
    WebPage page = WebPage.write(bundle, runtime, folder.resolve(name));
    Path description = page.folder().resolve("bundle/model.json");
    JsonObject json = JsonParser.parseString(Files.readString(description)).getAsJsonObject();
    int row = -1;
    JsonArray models = json.getAsJsonArray("models");
    for (int i = 0; i < models.size(); i++) {
      JsonObject model = models.get(i).getAsJsonObject();
      if (model.get("file").getAsString().equals(file)) {
        model.addProperty("rounding", rounding);
        row = i;
      }
    }
    for (JsonElement sample : json.getAsJsonArray("samples")) {
      JsonObject logits = sample.getAsJsonObject().getAsJsonObject("logits");
      JsonArray moved = new JsonArray();
      logits.getAsJsonArray(file).forEach(value -> moved.add(value.getAsDouble() + 0.3));
      logits.add(file, moved);
    }
    Files.writeString(description, json.toString());
    try (WebServer server = WebServer.start(page, InetAddress.getLoopbackAddress(), 0);
        Browser browser = Browser.startOrSkip(folder.resolve(name + "-profile"))) {
      browser.open(server.address());
      return browser.text(
          "document.querySelectorAll('#checked tbody tr')[" + row + "].cells[1].textContent");
    }
  }

  /** An x86 processor of before 2008 has no SIMD that WebAssembly could use. */
  @Test
  void aBrowserWithoutSimdIsToldSo() throws Exception {
    WebPage page = WebPage.write(bundle, runtime, folder.resolve("old"));
    try (WebServer server = WebServer.start(page, InetAddress.getLoopbackAddress(), 0);
        Browser browser =
            Browser.startOrSkip(
                folder.resolve("old-profile"),
                "--js-flags=--no-enable-sse4-1 --no-enable-sse3 --no-enable-ssse3"
                    + " --no-enable-avx")) {
      browser.open(server.address());
      assertTrue(
          browser
              .text("document.getElementById('state').textContent")
              .startsWith("This page cannot be used: this browser has no WebAssembly SIMD"));
    }
  }
}

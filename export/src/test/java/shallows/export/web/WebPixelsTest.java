package shallows.export.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.File;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.LabelledImages;
import shallows.data.decode.ImageDecoder;
import shallows.model.graph.Normalization;

/** The page gives a network the very bytes that training gives it. */
class WebPixelsTest {
  /** libjpeg-turbo and the JDK's libjpeg 6b round chroma to neighbouring levels here and there. */
  private static final int JPEG_STEP = 1;

  private static final int[][] SIZES = {{28, 28}, {7, 5}, {33, 64}, {1, 1}};

  @TempDir static Path folder;
  private static WebServer server;
  private static Browser browser;

  @BeforeAll
  static void open() throws Exception {
    browser = Browser.startOrSkip(folder.resolve("profile"));
    TestPage.bundle(folder.resolve("bundle"), 1);
    WebPage page = TestPage.ofModules(folder.resolve("bundle"), folder.resolve("site"));
    server = WebServer.start(page, InetAddress.getLoopbackAddress(), 0);
    URI address = server.address().resolve("licenses.txt");
    browser.call("Page.navigate", Map.of("url", address.toString()));
    browser.until("document.readyState === 'complete' && location.pathname === '/licenses.txt'");
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

  @Test
  void pngFilesOfEveryKindGiveTheSameBytes() throws Exception {
    for (PngFiles.Kind kind : PngFiles.kinds()) {
      assertSame(kind.toString(), PngFiles.file(kind), 0);
    }
  }

  @Test
  void everyShapeIsCutAndResizedToTheSameBytes() throws Exception {
    int[][] shapes = {{1, 1}, {1, 90}, {90, 1}, {97, 61}, {300, 200}, {28, 28}, {3, 2}, {2, 301}};
    for (int[] shape : shapes) {
      PngFiles.Kind kind = new PngFiles.Kind(2, 8, shape[0], shape[1], false, false, 0);
      assertSame(kind.toString(), PngFiles.file(kind), 0);
    }
  }

  /** Beyond 16 million pixels some are left out. */
  @Test
  void aLargePictureLosesTheSamePixels() throws Exception {
    BufferedImage large = new BufferedImage(5001, 3999, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < large.getHeight(); y++) {
      for (int x = 0; x < large.getWidth(); x++) {
        large.getRaster().setSample(x, y, 0, x * y >> 8 & 0xff);
      }
    }
    Path file = folder.resolve("large.png");
    ImageIO.write(large, "png", file.toFile());
    assertArrayEquals(
        ImageDecoder.decode(file, 1, 28, 28), inBrowser(Files.readAllBytes(file), 1, 28, 28));
  }

  @Test
  void jpegAndGifAndBmpFilesLieWithinOneStep() throws Exception {
    BufferedImage photo = photo();
    for (Map.Entry<String, Integer> format :
        Map.of("jpg", JPEG_STEP, "bmp", 0, "gif", 0).entrySet()) {
      File file = folder.resolve("photo." + format.getKey()).toFile();
      assertTrue(ImageIO.write(photo, format.getKey(), file));
      assertSame(format.getKey(), Files.readAllBytes(file.toPath()), format.getValue());
    }
  }

  /** Smooth, with an edge: like what a camera gives. */
  private static BufferedImage photo() {
    BufferedImage photo = new BufferedImage(160, 120, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < 120; y++) {
      for (int x = 0; x < 160; x++) {
        int blue = x > 90 ? 30 : 200;
        photo.setRGB(x, y, (40 + x) << 16 | (60 + y) << 8 | blue);
      }
    }
    Graphics2D graphics = photo.createGraphics();
    graphics.fillOval(40, 30, 50, 60);
    graphics.dispose();
    return photo;
  }

  @Test
  void normalizedValuesAreThoseOfTraining() throws Exception {
    byte[] pixels = new byte[3 * 5 * 7];
    new Random(1).nextBytes(pixels);
    Normalization normalization =
        new Normalization(List.of(0.4914f, 0.4822f, 0.4465f), List.of(0.247f, 0.2435f, 0.2616f));
    float[] expected =
        new LabelledImages("one", List.of("a", "b"), 3, 5, 7, pixels, new int[1])
            .normalized(0, 1, normalization);
    String script =
        "(async () => { const { normalized } = await import('/js/pixels.js');"
            + "const bytes = Uint8Array.from(atob('%s'), (c) => c.charCodeAt(0));"
            + "const input = { mean: %s, deviation: %s };"
            + "const values = normalized({ channels: 3, height: 5, width: 7, bytes }, input);"
            + "return btoa(String.fromCharCode(...new Uint8Array(values.buffer))); })()";
    String found =
        browser.text(
            String.format(
                script,
                Base64.getEncoder().encodeToString(pixels),
                normalization.mean(),
                normalization.deviation()));
    float[] values = new float[expected.length];
    ByteBuffer.wrap(Base64.getDecoder().decode(found))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    for (int i = 0; i < 35; i++) {
      for (int c = 0; c < 3; c++) {
        assertEquals(expected[3 * i + c], values[35 * c + i]);
      }
    }
  }

  /** For networks of both numbers of channels and several sizes. */
  private static void assertSame(String what, byte[] content, int step) throws Exception {
    Path file = Files.write(folder.resolve("image"), content);
    for (int channels : new int[] {1, 3}) {
      for (int[] size : SIZES) {
        byte[] expected = ImageDecoder.decode(file, channels, size[0], size[1]);
        byte[] found = inBrowser(content, channels, size[0], size[1]);
        String message = what + " to " + channels + "x" + size[0] + "x" + size[1];
        if (step == 0) {
          assertArrayEquals(expected, found, message);
        } else {
          assertNear(expected, found, step, message);
        }
      }
    }
  }

  private static void assertNear(byte[] expected, byte[] found, int step, String message) {
    assertEquals(expected.length, found.length, message);
    for (int i = 0; i < expected.length; i++) {
      int difference = Math.abs((expected[i] & 0xff) - (found[i] & 0xff));
      assertTrue(difference <= step, message + ": " + difference + " at " + i);
    }
  }

  private static byte[] inBrowser(byte[] content, int channels, int height, int width)
      throws Exception {
    JsonObject input = new JsonObject();
    input.addProperty("channels", channels);
    input.addProperty("height", height);
    input.addProperty("width", width);
    String script =
        "(async () => { const { readImage } = await import('/js/images.js');"
            + "const { forNetwork } = await import('/js/pixels.js');"
            + "const bytes = Uint8Array.from(atob('%s'), (c) => c.charCodeAt(0));"
            + "const image = forNetwork(await readImage(new Blob([bytes])), %s);"
            + "return btoa(String.fromCharCode(...image.bytes)); })()";
    return Base64.getDecoder()
        .decode(
            browser.text(
                String.format(script, Base64.getEncoder().encodeToString(content), input)));
  }
}

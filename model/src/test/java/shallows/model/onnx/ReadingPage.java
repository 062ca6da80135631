package shallows.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The page that says what is read. Each part of it is what a test found, between two marks that
 * nobody sees; {@code -Dreading.rewrite=true} writes what was found into the page.
 */
public final class ReadingPage {
  private static final Path FILE = Path.of("..", "docs", "reading.md");

  private ReadingPage() {}

  /** The lines that the page has in this part. */
  public static List<String> lines(String part) throws IOException {
    List<String> page = Files.readAllLines(FILE);
    return page.subList(
        page.indexOf("<!-- " + part + " -->") + 1, page.indexOf("<!-- end of " + part + " -->"));
  }

  /**
   * @param part the name that its marks have
   * @param found the lines that the page must have between them
   */
  public static void assertSays(String part, List<String> found) throws IOException {
    String page = Files.readString(FILE);
    String begin = "<!-- " + part + " -->\n";
    String end = "<!-- end of " + part + " -->\n";
    int from = page.indexOf(begin) + begin.length();
    int to = page.indexOf(end);
    assertTrue(from >= begin.length() && to >= from, FILE + " has no part " + part);
    String lines = String.join("\n", found) + "\n";
    if (Boolean.getBoolean("reading.rewrite")) {
      Files.writeString(FILE, page.substring(0, from) + lines + page.substring(to));
    } else {
      assertEquals(page.substring(from, to), lines, FILE + ": write it by -Dreading.rewrite=true");
    }
  }
}

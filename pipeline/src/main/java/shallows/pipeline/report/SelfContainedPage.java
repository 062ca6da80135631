package shallows.pipeline.report;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shallows.model.file.AtomicFile;
import shallows.model.json.JsonFormat;

/**
 * A page of one file, with its style, its scripts (ECharts among them), its data and its images
 * inside. It loads nothing, and a content security policy in the template holds it to that.
 */
public final class SelfContainedPage {
  private static final String ECHARTS = "/META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";

  /** What all charts are drawn with, and the script that draws them all, which comes last. */
  private static final String LOOK = "look.js";

  private static final String DRAW = "page.js";

  private SelfContainedPage() {}

  /** What the template needs beside the view. */
  private record Parts(Object page, String css, String echarts, String script, String json) {}

  /**
   * Writes a page, whole or not at all.
   *
   * @param template a resource of this package
   * @param view what the template calls {@code page}
   * @param charts scripts of this package in the order they use each other
   * @param data what the charts draw
   */
  public static void write(
      String template, Object view, List<String> charts, Object data, Path file) {
    AtomicFile.writeText(file, html(template, view, charts, data));
  }

  static String html(String template, Object view, List<String> charts, Object data) {
    List<String> scripts = new ArrayList<>(List.of(LOOK));
    scripts.addAll(charts);
    scripts.add(DRAW);
    Parts parts =
        new Parts(
            view,
            Stream.of("page.css", "figures.css")
                .map(SelfContainedPage::resource)
                .collect(Collectors.joining("\n")),
            resource(ECHARTS),
            scripts.stream().map(SelfContainedPage::resource).collect(Collectors.joining("\n")),
            json(data));
    return Mustache.compiler().emptyStringIsFalse(true).compile(resource(template)).execute(parts);
  }

  /** Without what could end the script element that holds it: in JSON, that is in texts alone. */
  static String json(Object data) {
    return JsonFormat.compact(data)
        .replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e");
  }

  private static String resource(String name) {
    try (InputStream in = SelfContainedPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

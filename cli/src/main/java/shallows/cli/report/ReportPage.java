package shallows.cli.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shallows.model.file.AtomicFile;
import shallows.train.statistics.SurvivalStatistics;

/**
 * Writes {@code report.html}: one file with its style, its scripts (ECharts among them), its data
 * and its images inside. It loads nothing, and a content security policy holds it to that.
 */
public final class ReportPage {
  private static final String ECHARTS = "/META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";

  /** In this order: a script uses what those before it define. */
  private static final List<String> SCRIPTS =
      List.of("look.js", "labels.js", "tradeoff.js", "depth.js", "training.js", "page.js");

  /**
   * HTML-safe: Gson writes {@code <}, {@code >}, {@code &}, U+2028 and U+2029 as escapes, so that
   * no name can end the script element that holds the data.
   */
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  private ReportPage() {}

  /** What the charts draw. */
  private record ChartData(
      Report report,
      List<SurvivalStatistics.BlockStatistics> survival,
      List<ReportContent.Epoch> training,
      List<ReportContent.Epoch> fineTuning,
      double maxDropPoints) {}

  /** What the template needs beside the view. */
  private record Parts(PageView page, String css, String echarts, String script, String json) {}

  /** Writes the page to {@code file}, whole or not at all. */
  public static void write(ReportContent content, Path file) {
    AtomicFile.writeText(file, html(content));
  }

  static String html(ReportContent content) {
    ChartData data =
        new ChartData(
            content.report(),
            content.survival().blocks(),
            content.training(),
            content.fineTuning(),
            content.maxDropPoints());
    Parts parts =
        new Parts(
            new PageView(content),
            Stream.of("page.css", "figures.css")
                .map(ReportPage::resource)
                .collect(Collectors.joining("\n")),
            resource(ECHARTS),
            SCRIPTS.stream().map(ReportPage::resource).collect(Collectors.joining("\n")),
            GSON.toJson(data));
    return Mustache.compiler()
        .emptyStringIsFalse(true)
        .compile(resource("report.mustache"))
        .execute(parts);
  }

  private static String resource(String name) {
    try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package shallows.pipeline.report;

import java.nio.file.Path;
import java.util.List;
import shallows.model.file.AtomicFile;
import shallows.model.json.Changes;

/** Writes {@code report.html}, a {@link SelfContainedPage}. */
public final class ReportPage {
  /** In this order: a script uses what those before it define. */
  private static final List<String> CHARTS =
      List.of(
          "labels.js",
          "points.js",
          "tradeoff.js",
          "speed.js",
          "lost.js",
          "error-bar.js",
          "depth.js",
          "training.js");

  private ReportPage() {}

  /** Writes the page to {@code file}, whole or not at all. */
  public static void write(ReportContent content, Path file) {
    AtomicFile.writeText(file, html(content));
  }

  /** Without the answers, of which the page has its own, shorter form. */
  private static Report drawn(Report report) {
    return Changes.in(report, "verification", report.verification().withoutAnswers());
  }

  static String html(ReportContent content) {
    return SelfContainedPage.html(
        "report.mustache", new PageView(content), CHARTS, drawn(content.report()));
  }
}

package shallows.pipeline.report;

import java.nio.file.Path;
import java.util.List;
import shallows.model.file.AtomicFile;

/** Writes {@code report.html}, a {@link SelfContainedPage}. */
public final class ReportPage {
  /** In this order: a script uses what those before it define. */
  private static final List<String> CHARTS =
      List.of("labels.js", "tradeoff.js", "error-bar.js", "depth.js", "training.js");

  private ReportPage() {}

  /** Writes the page to {@code file}, whole or not at all. */
  public static void write(ReportContent content, Path file) {
    AtomicFile.writeText(file, html(content));
  }

  static String html(ReportContent content) {
    return SelfContainedPage.html(
        "report.mustache", new PageView(content), CHARTS, content.report());
  }
}

package shallows.pipeline.report;

import java.nio.file.Path;
import java.util.List;
import shallows.model.file.AtomicFile;
import shallows.train.evidence.SurvivalStatistics;

/** Writes {@code report.html}, a {@link SelfContainedPage}. */
public final class ReportPage {
  /** In this order: a script uses what those before it define. */
  private static final List<String> CHARTS =
      List.of("labels.js", "tradeoff.js", "error-bar.js", "depth.js", "training.js");

  private ReportPage() {}

  /** What the charts draw. */
  private record ChartData(
      Report report,
      List<SurvivalStatistics.BlockStatistics> survival,
      List<ReportContent.Epoch> training,
      List<ReportContent.Epoch> fineTuning,
      double maxDropPoints) {}

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
    return SelfContainedPage.html("report.mustache", new PageView(content), CHARTS, data);
  }
}

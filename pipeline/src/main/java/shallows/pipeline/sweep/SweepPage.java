package shallows.pipeline.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import shallows.pipeline.report.SelfContainedPage;
import shallows.pipeline.report.Words;

/** {@code sweep.html}: error against survival probability, and how far each network can be cut. */
public final class SweepPage {
  private static final String NOTHING = "–";

  private SweepPage() {}

  /** What the template asks for. */
  private record View(
      String data,
      int epochs,
      int done,
      int trainings,
      boolean unfinished,
      String drops,
      List<RowView> rows) {}

  /** A training in the table. */
  private record RowView(
      String network, String survival, long seed, String error, String rank, List<CutView> cuts) {}

  /** How far it can be cut within one limit. */
  private record CutView(String maxDrop, String removed, String dropped, String error) {}

  /** Writes the page, whole or not at all. */
  public static void write(SweepResult result, Path file) {
    List<RowView> rows = new ArrayList<>();
    for (SweepResult.Point point : result.points()) {
      rows.add(
          new RowView(
              point.network(),
              point.survival(),
              point.seed(),
              percent(point.error()),
              point.rankCorrelation() == null
                  ? NOTHING
                  : String.format(Locale.ROOT, "%.2f", point.rankCorrelation()),
              point.cuts().stream().map(cut -> cut(point, cut)).toList()));
    }
    View view =
        new View(
            result.data(),
            result.epochs(),
            result.points().size(),
            result.trainings(),
            result.points().size() < result.trainings(),
            String.join(
                ", ",
                result.points().stream()
                    .flatMap(point -> point.cuts().stream())
                    .map(cut -> String.valueOf(cut.maxDrop()))
                    .distinct()
                    .toList()),
            rows);
    SelfContainedPage.write(
        "sweep.mustache", view, List.of("error-bar.js", "sweep.js"), result, file);
  }

  private static CutView cut(SweepResult.Point point, SweepResult.Cut cut) {
    return new CutView(
        String.valueOf(cut.maxDrop()),
        percent(1 - (double) cut.found().macs() / point.macs()),
        cut.found().dropped() + " of " + point.blocks(),
        percent(1 - cut.found().testAccuracy()));
  }

  private static String percent(double fraction) {
    return Words.percent(fraction);
  }
}

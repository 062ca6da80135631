package shallows.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.hipparchus.stat.descriptive.rank.Percentile;
import shallows.bench.DefaultRuns.Row;
import shallows.data.evaluation.AccuracyLoss;

/** The rows of {@link DefaultRuns} and how they are distributed, as Markdown. */
final class DefaultRunsTable {
  private DefaultRunsTable() {}

  static void print(List<Row> rows) {
    line(
        "| seed | full, test | pruned, test | dropped + binarized | rejected before | files that"
            + " passed | smallest, bytes | times smaller | lost on 56,000 other images, points |");
    line("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (Row row : rows) {
      line(
          String.format(
              Locale.ROOT,
              "| %d | %.2f %% | %.2f %% | %d + %d | %d | %d | %s | %s | %s |",
              row.seed(),
              100 * row.full(),
              100 * row.pruned(),
              row.dropped(),
              row.binarized(),
              row.rejected(),
              row.passed(),
              row.smallest() == null ? "none" : String.format(Locale.ROOT, "%,d", row.smallest()),
              row.times() == null ? "" : String.format(Locale.ROOT, "%.1f", row.times()),
              row.unseen() == null ? "" : points(row.unseen())));
    }
    line("");
    line(
        rows.stream().filter(row -> row.passed() > 0 && row.rejected() == 0).count()
            + " of "
            + rows.size()
            + " ship a pruned file at the first choice, "
            + rows.stream().filter(row -> row.passed() > 0 && row.rejected() > 0).count()
            + " another one after test images rejected that; "
            + rows.stream()
                .filter(row -> row.unseen() != null && row.unseen().estimate() > 0.01)
                .count()
            + " lost more than a point on the other images.");
    line("");
    line("| | smallest | quartile | median | quartile | largest |");
    line("| --- | --- | --- | --- | --- | --- |");
    quartiles("times smaller", rows, Row::times);
    quartiles("lost on test images, points", rows, row -> 100 * (row.full() - row.pruned()));
    quartiles(
        "lost on 56,000 other images, points",
        rows,
        row -> row.unseen() == null ? null : 100 * row.unseen().estimate());
    quartiles("blocks dropped", rows, row -> (double) row.dropped());
  }

  private static String points(AccuracyLoss loss) {
    return String.format(
        Locale.ROOT, "%.2f ± %.2f", 100 * loss.estimate(), 100 * loss.standardError());
  }

  private static void quartiles(String what, List<Row> rows, Function<Row, Double> value) {
    double[] each = rows.stream().map(value).filter(Objects::nonNull).mapToDouble(v -> v).toArray();
    if (each.length == 0) {
      return;
    }
    Percentile percentile = new Percentile().withEstimationType(Percentile.EstimationType.R_7);
    StringBuilder cells =
        new StringBuilder(
            String.format(
                Locale.ROOT, "| %s | %.2f", what, Arrays.stream(each).min().orElseThrow()));
    for (int percent = 25; percent <= 100; percent += 25) {
      cells.append(String.format(Locale.ROOT, " | %.2f", percentile.evaluate(each, percent)));
    }
    line(cells.append(" |").toString());
  }

  private static void line(String text) {
    System.out.println(text);
  }
}

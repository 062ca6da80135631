package shallows.bench;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import shallows.pipeline.sweep.TrainJob.Trained;

/**
 * The rows as a table in Markdown: points of accuracy on test images below the full network of the
 * same seed, the mean over the seeds and in brackets the least and the most. Negative is better
 * than the full network.
 */
final class ComparisonTable {
  /**
   * A row with the full network of its seed.
   *
   * @param full as trained with stochastic depth
   */
  record Entry(Method method, Row row, Trained full) {}

  private final List<Integer> shares;
  private final List<Entry> entries;

  ComparisonTable(List<Integer> shares, List<Entry> entries) {
    this.shares = shares.stream().sorted().toList();
    this.entries = entries;
  }

  String markdown(String heading) {
    StringBuilder text = new StringBuilder(heading).append("\n\n|");
    StringBuilder line = new StringBuilder("\n| ---");
    text.append(" |");
    for (int share : shares) {
      text.append(" " + share + " % of MACs removed, before | after |");
      line.append(" | ---: | ---:");
    }
    text.append(line).append(" |\n");
    for (Method method : Method.values()) {
      if (method != Method.BINARIZE_HALF) {
        text.append("| ").append(method.inWords());
        for (int share : shares) {
          List<Entry> found = of(method, share);
          text.append(" | ").append(drops(found, Row::before));
          text.append(" | ").append(drops(found, Row::after));
        }
        text.append(" |\n");
      }
    }
    return text.append('\n').append(binary()).toString();
  }

  private String binary() {
    List<Entry> found = of(Method.BINARIZE_HALF, 0);
    if (found.isEmpty()) {
      return "";
    }
    double smaller =
        found.stream()
            .mapToDouble(e -> (double) e.row().binaryBytesBefore() / e.row().binaryBytes())
            .average()
            .orElseThrow();
    return String.format(
        Locale.ROOT,
        "%s: before %s, after %s; those blocks take %.1f times fewer bytes.%n",
        Method.BINARIZE_HALF.inWords(),
        drops(found, Row::before),
        drops(found, Row::after),
        smaller);
  }

  private List<Entry> of(Method method, int share) {
    return entries.stream()
        .filter(e -> e.method() == method && e.row().removedPercent() == share)
        .toList();
  }

  private static String drops(List<Entry> found, Function<Row, Row.Accuracy> accuracy) {
    List<Double> points = new ArrayList<>();
    for (Entry entry : found) {
      Row.Accuracy measured = accuracy.apply(entry.row());
      if (measured != null) {
        points.add(100 * (entry.full().testAccuracy() - measured.test()));
      }
    }
    if (points.isEmpty()) {
      return "";
    }
    DoubleSummaryStatistics of = points.stream().mapToDouble(p -> p).summaryStatistics();
    return points.size() == 1
        ? String.format(Locale.ROOT, "%.2f", of.getAverage())
        : String.format(
            Locale.ROOT, "%.2f (%.2f to %.2f)", of.getAverage(), of.getMin(), of.getMax());
  }
}

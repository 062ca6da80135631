package shallows.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import shallows.cli.terminal.Table;
import shallows.train.loop.LearningRateCurve;
import shallows.train.loop.LearningRateCurve.Point;

/** The loss at each learning rate that was tried, as lines of text, and which one to take. */
record LearningRateTable(LearningRateCurve curve) {
  /** Rows: enough for the form of the curve, few enough for a screen. */
  private static final int ROWS = 20;

  private static final int BAR = 40;

  List<String> lines() {
    List<Point> points = curve.points();
    double most = points.stream().mapToDouble(Point::smoothed).max().orElseThrow();
    Table table = new Table(Table.Alignment.RIGHT, Table.Alignment.RIGHT, Table.Alignment.LEFT);
    table.row("learning rate", "loss", "");
    int rows = Math.min(ROWS, points.size());
    for (int row = 0; row < rows; row++) {
      // The first and the last are among them.
      Point point = points.get(rows == 1 ? 0 : row * (points.size() - 1) / (rows - 1));
      table.row(
          String.format(Locale.ROOT, "%.2g", point.learningRate()),
          String.format(Locale.ROOT, "%.3f", point.smoothed()),
          "#".repeat((int) Math.round(BAR * point.smoothed() / most)));
    }
    List<String> lines = new ArrayList<>(table.lines());
    lines.add(
        String.format(
            Locale.ROOT,
            "the loss, smoothed, was least at %.2g; a tenth of that leaves room: --learning-rate %s",
            curve.least().learningRate(),
            Double.toString(curve.suggestion())));
    return lines;
  }
}

package shallows.pipeline.report;

import java.util.ArrayList;
import java.util.List;

/** A row of the table under the chart of accuracy against bytes. */
record PointView(
    String what, String bytes, String bytesOf, String macs, String accuracy, String images) {
  private static final String FILE = "file";
  private static final String WEIGHTS = "weights";

  static List<PointView> of(Report report) {
    String test = Figures.whole(report.data().test()) + " test";
    String heldOut = Figures.whole(report.data().heldOut()) + " held-out";
    Report.Full full = report.full();
    Report.Pruned pruned = report.pruned();
    List<PointView> points = new ArrayList<>();
    points.add(network("full network", full.bytes(), FILE, full.macs(), full.accuracy(), test));
    for (Report.EliminationStep step : report.elimination()) {
      points.add(
          network(
              step.label() + ", before fine-tuning",
              step.bytes(),
              WEIGHTS,
              step.macs(),
              step.heldOutAccuracy(),
              heldOut));
    }
    points.add(
        network(
            "pruned, after fine-tuning",
            pruned.bytes(),
            FILE,
            pruned.macs(),
            pruned.accuracy(),
            test));
    for (Report.Export file : report.exports()) {
      points.add(
          new PointView(
              file.file(),
              Figures.bytes(file.bytes()),
              FILE,
              "",
              Figures.measured(file.accuracy(), Figures::percent),
              test));
    }
    return points;
  }

  private static PointView network(
      String what, long bytes, String bytesOf, long macs, double accuracy, String images) {
    return new PointView(
        what,
        Figures.bytes(bytes),
        bytesOf,
        Figures.count(macs),
        Figures.percent(accuracy),
        images);
  }
}

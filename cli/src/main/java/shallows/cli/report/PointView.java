package shallows.cli.report;

import java.util.ArrayList;
import java.util.List;

/** A row of the table under the chart of accuracy against bytes. */
record PointView(String what, String bytes, String macs, String accuracy, String images) {

  static List<PointView> of(Report report) {
    String test = Figures.whole(report.data().test()) + " test";
    String heldOut = Figures.whole(report.data().heldOut()) + " held-out";
    Report.Full full = report.full();
    Report.Pruned pruned = report.pruned();
    List<PointView> points = new ArrayList<>();
    points.add(network("full network", full.bytes(), full.macs(), full.accuracy(), test));
    for (Report.EliminationStep step : report.elimination()) {
      points.add(network(step.label(), step.bytes(), step.macs(), step.heldOutAccuracy(), heldOut));
    }
    if (pruned.accuracyBeforeFineTuning() != null) {
      points.add(
          network(
              "pruned, before fine-tuning",
              pruned.bytes(),
              pruned.macs(),
              pruned.accuracyBeforeFineTuning(),
              test));
    }
    points.add(
        network(
            "pruned, after fine-tuning", pruned.bytes(), pruned.macs(), pruned.accuracy(), test));
    for (Report.Export file : report.exports()) {
      points.add(
          new PointView(
              file.file(),
              Figures.bytes(file.bytes()),
              "",
              Figures.percent(file.accuracy()),
              test));
    }
    return points;
  }

  private static PointView network(
      String what, long bytes, long macs, double accuracy, String images) {
    return new PointView(
        what, Figures.bytes(bytes), Figures.count(macs), Figures.percent(accuracy), images);
  }
}

package shallows.pipeline.report;

import java.util.ArrayList;
import java.util.List;
import shallows.export.ExportedFile;
import shallows.export.verify.Verification;
import shallows.prune.plan.PlanStep;

/** A row of the table under the chart of accuracy against bytes. */
record PointView(
    String what, String bytes, String bytesOf, String macs, String accuracy, String images) {
  private static final String FILE = "file";
  private static final String WEIGHTS = "weights";

  static List<PointView> of(Report report) {
    String test = Figures.whole(report.testImages()) + " test";
    String heldOut = Figures.whole(report.heldOutImages()) + " held-out";
    Verification found = report.verification();
    List<PointView> points = new ArrayList<>();
    points.add(network("full network", report.full(), found.expectationAccuracy(), test));
    for (PlanStep step : report.hasBlocks() ? report.plan().curve() : List.<PlanStep>of()) {
      // The first step has lost no block yet.
      String done = step.block() == null ? "full depth" : "without " + step.block();
      points.add(
          new PointView(
              done + ", before fine-tuning",
              Figures.bytes(step.bytes()),
              WEIGHTS,
              Figures.count(step.macs()),
              Figures.percent(step.accuracy()),
              heldOut));
    }
    String pruned = report.fineTuning().isEmpty() ? "pruned" : "pruned, after fine-tuning";
    points.add(network(pruned, report.pruned(), found.prunedAccuracy(), test));
    for (ExportedFile file : report.export().files()) {
      String accuracy = Figures.measured(report.check(file).accuracy(), Figures::percent);
      points.add(new PointView(file.file(), Figures.bytes(file.bytes()), FILE, "", accuracy, test));
    }
    return points;
  }

  private static PointView network(
      String what, Report.Network network, double accuracy, String images) {
    return new PointView(
        what,
        Figures.bytes(network.bytes()),
        FILE,
        Figures.count(network.macs()),
        Figures.percent(accuracy),
        images);
  }
}

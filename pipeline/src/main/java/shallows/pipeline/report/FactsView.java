package shallows.pipeline.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import shallows.pipeline.folder.TrainSettings;

/** What a run was made of and on: the list at the end of the page. */
final class FactsView {
  private FactsView() {}

  static List<PageView.Fact> of(ReportContent content) {
    Report report = content.report();
    ReportContent.Provenance from = content.provenance();
    TrainSettings train = report.run().train();
    List<PageView.Fact> facts = new ArrayList<>();
    facts.add(
        new PageView.Fact(
            "Network",
            train.network()
                + ", "
                + Figures.count(report.full().parameters())
                + " parameters, pruned "
                + Figures.count(report.pruned().parameters())));
    if (report.check() != null) {
      String leftOut = CheckWords.leftOut(report.check());
      facts.add(
          new PageView.Fact(
              "Images",
              CheckWords.summary(report.check()) + (leftOut.isEmpty() ? "" : "; " + leftOut)));
    }
    facts.add(new PageView.Fact("Survival schedule", train.survival()));
    facts.add(new PageView.Fact("Seed", Long.toString(train.seed())));
    facts.add(
        new PageView.Fact(
            "Machine",
            from.machine()
                + ", "
                + from.processors()
                + (from.processors() == 1 ? " processor" : " processors")));
    for (Map.Entry<String, String> version : from.versions().entrySet()) {
      facts.add(new PageView.Fact(version.getKey(), version.getValue()));
    }
    if (!from.finished().isBlank()) {
      facts.add(new PageView.Fact("Finished", from.finished()));
    }
    return facts;
  }
}

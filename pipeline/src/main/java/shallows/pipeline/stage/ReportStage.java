package shallows.pipeline.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import shallows.export.ExportManifest;
import shallows.export.verify.Verification;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.OnnxReader;
import shallows.pipeline.event.Event;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.report.Report;
import shallows.pipeline.report.ReportContent;
import shallows.pipeline.report.ReportPage;
import shallows.prune.plan.PlanFile;
import shallows.train.evidence.SurvivalStatistics;

/**
 * From what the other stages have written to {@code report.html} and {@code report.json}. The only
 * thing it computes itself is what the networks say of the test images that the page shows.
 */
public final class ReportStage {
  private ReportStage() {}

  public static void run(Work work) {
    RunFolder folder = work.folder();
    RunImages images = work.images();
    work.run(
        Stage.REPORT,
        UnaryOperator.identity(),
        fresh -> {
          Graph full = OnnxReader.read(folder.fullModel());
          Graph pruned = OnnxReader.read(folder.prunedModel());
          Verification verification = Verification.read(folder.verification());
          Report report =
              new ReportAssembly(
                      work.run(), images, ExportManifest.read(folder.export()), verification)
                  .report(full, pruned, PlanFile.read(folder.plan()));
          ReportContent content =
              new ReportContent(
                  report,
                  images.data().classes(),
                  SurvivalStatistics.read(folder.survival()),
                  epochs(HistoryFile.read(folder.history())),
                  epochs(HistoryFile.read(folder.fineTuning())),
                  SampleImages.choose(images.test(), full, pruned),
                  SampleImages.CHOSEN,
                  verification.maxDrop(),
                  RunProvenance.of(work.record()));
          Report.FORMAT.write(report, fresh.resolve(folder.report().getFileName()));
          ReportPage.write(content, fresh.resolve(folder.page().getFileName()));
          return new Work.Done(
              seconds -> new Event.Reported(folder.page(), folder.report(), seconds), 0);
        });
  }

  /** The file counts seconds from the start; the page wants those of each epoch. */
  private static List<ReportContent.Epoch> epochs(List<HistoryFile.Row> rows) {
    List<ReportContent.Epoch> epochs = new ArrayList<>();
    double before = 0;
    for (HistoryFile.Row row : rows) {
      epochs.add(
          new ReportContent.Epoch(
              row.epoch(),
              row.trainLoss(),
              row.heldOutLoss(),
              row.heldOutAccuracy(),
              Math.max(0, row.seconds() - before)));
      before = row.seconds();
    }
    return epochs;
  }
}

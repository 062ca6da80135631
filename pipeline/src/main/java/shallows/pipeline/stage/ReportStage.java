package shallows.pipeline.stage;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import shallows.data.LabelledImages;
import shallows.export.ExportFormat;
import shallows.export.ExportManifest;
import shallows.export.ExportPrecision;
import shallows.export.ExportedFile;
import shallows.export.NetworkForm;
import shallows.export.quantize.calibrate.Calibrated;
import shallows.export.quantize.calibrate.LayerCost;
import shallows.export.verify.Verification;
import shallows.model.BadInputException;
import shallows.model.UnexpectedValueException;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.OnnxReader;
import shallows.pipeline.event.Event;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.report.Picture;
import shallows.pipeline.report.Report;
import shallows.pipeline.report.ReportContent;
import shallows.pipeline.report.ReportPage;
import shallows.prune.plan.Family;
import shallows.prune.plan.Plan;
import shallows.train.evidence.SurvivalStatistics;
import shallows.train.loop.History;

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
          Report report = report(work, images, full, pruned);
          Report.FORMAT.write(report, fresh.resolve(folder.report().getFileName()));
          ReportPage.write(
              new ReportContent(
                  report,
                  SampleImages.choose(images.test(), full, pruned, work.compute().processors()),
                  pictures(report, images.test()),
                  RunProvenance.of(work.record().train().data(), folder.root())),
              fresh.resolve(folder.page().getFileName()));
          return new Work.Done(
              seconds -> new Event.Reported(folder.page(), folder.report(), seconds), 0);
        });
  }

  private static Map<String, List<LayerCost>> sensitivity(ExportManifest export, Path folder) {
    Map<String, List<LayerCost>> measured = new LinkedHashMap<>();
    for (ExportedFile file : export.files()) {
      file.scalesIn(folder)
          .map(Calibrated::layers)
          .filter(layers -> !layers.isEmpty())
          .ifPresent(layers -> measured.put(file.scales(), layers));
    }
    return measured;
  }

  /** The records side by side. */
  private static Report report(Work work, RunImages images, Graph full, Graph pruned) {
    RunFolder folder = work.folder();
    Family family = RunNetworks.family(folder).orElse(null);
    ExportManifest export = ExportManifest.read(folder.export());
    String chosen = family == null ? null : family.chosen();
    try {
      return new Report(
          images.data().name(),
          images.data().classes(),
          Report.Network.of(full, bytes(export, NetworkForm.FULL, null, folder.fullModel())),
          Report.Network.of(
              pruned, bytes(export, NetworkForm.PRUNED, chosen, folder.prunedModel())),
          work.record().upTo(Stage.VERIFY),
          SurvivalStatistics.read(folder.survival()),
          History.read(folder.history()),
          History.read(folder.fineTuning()),
          Plan.read(folder.plan()),
          family,
          export,
          Verification.read(folder.verification()),
          images.check(work.record()).orElse(null),
          sensitivity(export, folder.export()));
    } catch (UnexpectedValueException e) {
      // Each is whole by itself.
      throw new BadInputException(
          folder.root(), "records of one run", e.getMessage(), "verify the run again", e);
    }
  }

  /** Of the images whose answer changed, where a page shows such. */
  private static Map<Integer, Picture> pictures(Report report, LabelledImages test) {
    Map<Integer, Picture> pictures = new LinkedHashMap<>();
    if (test.channels() == 1 || test.channels() == 3) {
      ReportContent.pictured(report).forEach(i -> pictures.put(i, Picture.of(test, i)));
    }
    return pictures;
  }

  /**
   * Of the fp32 ONNX file; of the network as it lies between the stages where none was exported.
   */
  private static long bytes(ExportManifest files, NetworkForm of, String member, Path stageFile) {
    return files.files().stream()
        .filter(file -> file.network() == of && Objects.equals(file.member(), member))
        .filter(file -> file.precision() == ExportPrecision.FP32)
        .filter(file -> file.format() == ExportFormat.ONNX)
        .mapToLong(ExportedFile::bytes)
        .findFirst()
        .orElse(stageFile.toFile().length());
  }
}

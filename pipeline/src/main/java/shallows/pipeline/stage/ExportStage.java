package shallows.pipeline.stage;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import shallows.export.ExportManifest;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.export.ExportedNetwork;
import shallows.export.Exporter;
import shallows.export.Int8Bound;
import shallows.export.Int8Tuning;
import shallows.export.metadata.LabelsFile;
import shallows.export.quantize.calibrate.CalibrationImages;
import shallows.model.BadInputException;
import shallows.model.Setting;
import shallows.model.file.AtomicFile;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.pipeline.event.Event;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.Stage;

/**
 * From the pruned and the full network to files for a phone, with the names of the classes beside
 * them.
 */
public final class ExportStage {
  private ExportStage() {}

  /**
   * @param settings what is asked for now
   */
  public static void run(Work work, ExportSettings settings) {
    RunFolder folder = work.folder();
    List<ExportedNetwork> networks =
        RunNetworks.of(work.run()).stream()
            .map(network -> ExportProvenance.signed(network, work.run()))
            .toList();
    Graph full = networks.get(0).graph();
    requireFiles(networks, settings);
    // Opened only where int8 is asked for: scales are chosen on some that the network was trained
    // on, and some that were held out.
    Supplier<CalibrationImages> calibration =
        once(
            () ->
                CalibrationImages.of(
                    Cost.of(full).macs(), work.images().train(), work.images().heldOut()));
    Int8Tuning tuning =
        settings.qatEpochs() == null ? Int8Tuning.NONE : new QatStep(settings.qatEpochs(), work);
    Int8Bound bound =
        new Int8Bound(
            work.record().prune().maxDrop(),
            new Int8Remarks(settings.qatEpochs() == null, work::tell));
    work.run(
        Stage.EXPORT,
        record -> record.withExport(settings),
        fresh -> {
          ExportManifest manifest =
              new Exporter(work.record().name(), fresh, settings, calibration, tuning, bound)
                  .export(networks);
          AtomicFile.writeText(
              fresh.resolve(folder.labels().getFileName()),
              LabelsFile.content(full.task().labels()));
          return new Work.Done(seconds -> new Event.Exported(manifest, seconds), 0);
        });
  }

  /**
   * @throws BadInputException when no network has a file of the forms asked for: before anything is
   *     done or removed
   */
  private static void requireFiles(List<ExportedNetwork> networks, ExportSettings settings) {
    boolean binary =
        networks.stream()
            .flatMap(network -> network.graph().nodes().stream())
            .anyMatch(
                node ->
                    node.operation() instanceof Operation.Conv2d conv
                        && conv.precision() == Precision.BINARY);
    if (!binary && settings.precisions().stream().allMatch(ExportPrecision::needsBinaryWeights)) {
      throw new BadInputException(
          Setting.PRECISION,
          "fp32, fp16, int8-weights or int8 for networks without binarized blocks",
          settings.precisions(),
          "add one; nothing was changed");
    }
  }

  /** Gets what is to be had when it is first asked for, and once. */
  private static <T> Supplier<T> once(Supplier<T> source) {
    AtomicReference<T> got = new AtomicReference<>();
    return () -> {
      if (got.get() == null) {
        got.set(source.get());
      }
      return got.get();
    };
  }
}

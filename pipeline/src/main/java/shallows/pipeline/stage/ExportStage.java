package shallows.pipeline.stage;

import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import shallows.export.ExportManifest;
import shallows.export.ExportOptions;
import shallows.export.ExportedFile;
import shallows.export.ExportedNetwork;
import shallows.export.Exporter;
import shallows.export.Int8Tuning;
import shallows.export.calibrate.CalibrationImages;
import shallows.export.metadata.LabelsFile;
import shallows.model.file.AtomicFile;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.ExportSettings;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.Stage;
import shallows.train.options.Compute;

/**
 * From the pruned and the full network to files for a phone, with the names of the classes beside
 * them.
 */
public final class ExportStage {
  private ExportStage() {}

  /**
   * @param settings what is asked for now
   * @param images opened only where int8 is asked for: scales are chosen on some that the network
   *     was trained on, and some that were held out
   * @param compute where to fine-tune, if that is asked for
   */
  public static void run(
      OpenRun run,
      ExportSettings settings,
      Supplier<RunImages> images,
      Compute compute,
      Listener listener,
      Progress progress) {
    RunFolder folder = run.folder();
    List<ExportedNetwork> networks =
        RunNetworks.of(run).stream().map(network -> ExportProvenance.signed(network, run)).toList();
    Graph full = networks.get(0).graph();
    Supplier<RunImages> opened = once(images);
    Supplier<CalibrationImages> calibration =
        once(
            () ->
                CalibrationImages.of(
                    Cost.of(full).macs(), opened.get().train(), opened.get().heldOut()));
    Int8Tuning tuning =
        settings.qatEpochs() == null
            ? new Int8Advice(run.folder(), listener)
            : new QatStep(settings.qatEpochs(), run.record(), opened, compute, listener, progress);
    StageWork.run(
        run,
        Stage.EXPORT,
        record -> record.withExport(settings),
        listener,
        fresh -> {
          ExportOptions options =
              new ExportOptions(
                  EnumSet.copyOf(settings.formats()),
                  EnumSet.copyOf(settings.precisions()),
                  settings.batch(),
                  settings.edges(),
                  settings.sums());
          ExportManifest manifest =
              new Exporter(run.record().name(), fresh, options, calibration, tuning)
                  .export(networks);
          AtomicFile.writeText(
              fresh.resolve(folder.labels().getFileName()),
              LabelsFile.content(full.task().labels()));
          String names =
              manifest.files().stream().map(ExportedFile::file).collect(Collectors.joining(" "));
          return new StageWork.Done(names, 0);
        });
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

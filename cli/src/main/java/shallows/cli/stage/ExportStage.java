package shallows.cli.stage;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import shallows.cli.folder.ExportSettings;
import shallows.cli.folder.OpenRun;
import shallows.cli.folder.RunFolder;
import shallows.cli.folder.Stage;
import shallows.cli.terminal.Console;
import shallows.export.ExportOptions;
import shallows.export.ExportedFile;
import shallows.export.Exporter;
import shallows.export.calibrate.CalibrationImages;
import shallows.export.metadata.LabelsFile;
import shallows.model.file.AtomicFile;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.onnx.OnnxReader;
import shallows.prune.PlanFile;

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
   */
  public static void run(
      OpenRun run, ExportSettings settings, Supplier<RunImages> images, Console console) {
    RunFolder folder = run.folder();
    Graph full = ExportProvenance.ofFull(run.record()).applyTo(OnnxReader.read(folder.fullModel()));
    Graph pruned =
        ExportProvenance.ofPruned(run.record(), PlanFile.read(folder.plan()))
            .applyTo(OnnxReader.read(folder.prunedModel()));
    Supplier<CalibrationImages> calibration = calibration(Cost.of(full).macs(), images);
    StageWork.run(
        run,
        Stage.EXPORT,
        record -> record.withExport(settings),
        console,
        fresh -> {
          ExportOptions options =
              new ExportOptions(
                  EnumSet.copyOf(settings.formats()),
                  EnumSet.copyOf(settings.precisions()),
                  settings.batch(),
                  settings.edges(),
                  settings.sums());
          List<ExportedFile> files =
              new ArrayList<>(
                  Exporter.export(
                      full, Optional.of(pruned), run.record().name(), fresh, options, calibration));
          FamilyFiles family = new FamilyFiles(folder, run.record().name());
          for (String member : family.others()) {
            files.addAll(
                Exporter.exportPruned(
                    ExportProvenance.ofPruned(run.record(), PlanFile.read(family.plan(member)))
                        .applyTo(OnnxReader.read(family.network(member))),
                    family.prefix(member),
                    fresh,
                    options,
                    calibration));
          }
          AtomicFile.writeText(
              fresh.resolve(folder.labels().getFileName()),
              LabelsFile.content(pruned.task().labels()));
          String names =
              files.stream()
                  .map(file -> file.path().getFileName().toString())
                  .collect(Collectors.joining(" "));
          return new StageWork.Done(names, 0);
        });
  }

  /** Opens the images when they are first asked for, and once. */
  private static Supplier<CalibrationImages> calibration(long macs, Supplier<RunImages> images) {
    AtomicReference<CalibrationImages> opened = new AtomicReference<>();
    return () -> {
      if (opened.get() == null) {
        RunImages parts = images.get();
        opened.set(CalibrationImages.of(macs, parts.train(), parts.heldOut()));
      }
      return opened.get();
    };
  }
}

package shallows.cli.stage;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import shallows.cli.classify.ModelDescription;
import shallows.cli.folder.ExportSettings;
import shallows.cli.folder.OpenRun;
import shallows.cli.folder.RunFolder;
import shallows.cli.folder.Stage;
import shallows.cli.terminal.Console;
import shallows.export.ExportedFile;
import shallows.export.Exporter;
import shallows.model.file.AtomicFile;
import shallows.model.graph.Graph;
import shallows.model.onnx.OnnxReader;

/**
 * From the pruned and the full network to files for a phone, with the names of the classes beside
 * them.
 */
public final class ExportStage {
  private ExportStage() {}

  /**
   * @param settings what is asked for now
   */
  public static void run(OpenRun run, ExportSettings settings, Console console) {
    RunFolder folder = run.folder();
    Graph full = OnnxReader.read(folder.fullModel());
    Graph pruned = OnnxReader.read(folder.prunedModel());
    StageWork.run(
        run,
        Stage.EXPORT,
        record -> record.withExport(settings),
        console,
        fresh -> {
          List<ExportedFile> files =
              Exporter.export(
                  full,
                  Optional.of(pruned),
                  run.record().name(),
                  fresh,
                  EnumSet.copyOf(settings.formats()),
                  EnumSet.copyOf(settings.precisions()));
          AtomicFile.writeText(
              fresh.resolve(folder.labels().getFileName()),
              pruned.task().labels().stream().collect(Collectors.joining("\n", "", "\n")));
          ModelDescription.of(pruned).write(fresh.resolve(folder.exportedTask().getFileName()));
          String names =
              files.stream()
                  .map(file -> file.path().getFileName().toString())
                  .collect(Collectors.joining(" "));
          return new StageWork.Done(names, 0);
        });
  }
}

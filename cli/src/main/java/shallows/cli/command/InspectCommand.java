package shallows.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import shallows.model.onnx.read.OnnxCoverage;
import shallows.model.progress.Progress;
import shallows.pipeline.Inspection;
import shallows.pipeline.convert.ConvertSettings;
import shallows.pipeline.convert.Sensitivity;

/** {@code shallows inspect}. */
@Command(
    name = "inspect",
    sortOptions = false,
    header = "Shows a network, one row a block.%n",
    description = {
      "Shapes, survival probability, what the block is worth (the rise of the loss without it, and",
      "leave-one-out), what became of it, and what it costs; and what 8 bits cost in each layer,",
      "where that was measured or images are given.%n",
      "Reads  RUN/train and RUN/prune as far as they are there, or an .onnx file.",
      "Writes nothing.%n"
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  ./shallows inspect runs/first",
      "  ./shallows inspect theirs.onnx --coverage",
      "  ./shallows inspect theirs.onnx --data photos"
    })
final class InspectCommand implements Callable<Integer> {
  @ParentCommand private Shallows parent;

  @Parameters(paramLabel = "RUN|FILE.onnx", description = "A run folder or an ONNX file.")
  private Path path;

  @Option(
      names = "--coverage",
      description =
          "Of an ONNX file: what becomes of its nodes, operator by operator, and why some are"
              + " refused.")
  private boolean coverage;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "Of an ONNX file: what 8 bits cost in each layer, by images of the kind that the network"
              + " will see, as for convert. Of a run that stands there if the export has measured it.")
  private String data;

  @Mixin private TaskArguments task;
  @Mixin private ReadArguments reading;
  @Mixin private HelpArgument help;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    boolean isRun = Files.isDirectory(path);
    if (isRun) {
      new DeadOptions(command)
          .refuse(
              "an ONNX file instead of a run",
              "--coverage",
              "--data",
              "--labels",
              "--normalization",
              "--mean",
              "--std",
              "--output",
              "--size",
              "--channels");
    }
    if (data == null) {
      new DeadOptions(command)
          .refuse("--data beside it", "--labels", "--normalization", "--mean", "--std");
    }
    if (coverage && data != null) {
      throw DeadOptions.beside("--coverage", "--data");
    }
    if (coverage) {
      OnnxCoverage found = shallows.pipeline.Shallows.coverage(path, reading.options());
      new CoverageTable(found).lines().forEach(parent.console()::result);
      return found.isWhole() ? 0 : 1;
    }
    Inspection known =
        isRun
            ? shallows.pipeline.Shallows.run(path).inspect()
            : Inspection.of(path, reading.options());
    new BlockTable(known).lines().forEach(parent.console()::result);
    if (!known.layers().isEmpty()) {
      LayerTable.lines(known.layers()).forEach(parent.console()::result);
    }
    if (data != null) {
      LayerTable.lines(sensitivity()).forEach(parent.console()::result);
    }
    return 0;
  }

  private Sensitivity sensitivity() {
    return Sensitivity.of(
        path,
        reading.options(),
        new ConvertSettings.Images(data, task.asked(), Optional.empty()),
        ConvertSettings.STANDARD.seed(),
        Runtime.getRuntime().availableProcessors(),
        Progress.SILENT);
  }
}

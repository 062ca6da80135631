package shallows.cli.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import shallows.export.ExportSettings;

/** {@code shallows export}. */
@Command(
    name = "export",
    sortOptions = false,
    header = "Writes ONNX and TFLite files.%n",
    description = {
      "Writes the pruned network, and the full one for comparison. Batch norm and survival",
      "probabilities are folded into the weights. Check the files with verify before use.%n",
      "Reads  RUN/train/model.onnx and RUN/prune/model.onnx; for int8 some of the training images,",
      "       with --qat all of them.",
      "Writes RUN/export: <run>-fp32, <run>-int8, <run>-binary, <run>-mixed, <run>-full-fp32 and",
      "       <run>-full-int8, or those of --precision, each .onnx and .tflite; the scales of int8",
      "       and mixed files as .json beside them, and labels.txt; with --qat also",
      "       qat/<run>/model.onnx, of which these files are. Each file also holds the classes, how",
      "       pixels are scaled, and where it comes from. Checks, bundle and report of earlier files",
      "       are removed once these are there.%n"
    },
    footerHeading = "%nExample:%n",
    footer = "  ./shallows export runs/trial --format tflite")
final class ExportCommand implements Callable<Integer> {
  @ParentCommand private Shallows shallows;

  @Parameters(paramLabel = "RUN", description = "A run folder with a pruned network.")
  private Path path;

  @Mixin private ExportArguments export;
  @Mixin private TfliteArguments tflite;
  @Mixin private ComputeArguments compute;
  @Mixin private OutputArguments output;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    ExportSettings asked = export.over(ExportSettings.STANDARD);
    if (asked.qatEpochs() == null) {
      new DeadOptions(command)
          .refuse("--qat beside it", "--device", "--threads", "--download-torch");
    }
    shallows.run(path, compute.compute(), output).export(asked);
    return 0;
  }
}

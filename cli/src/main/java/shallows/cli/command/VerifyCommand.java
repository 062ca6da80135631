package shallows.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import shallows.cli.terminal.Console;
import shallows.data.evaluation.TestTimeAugmentation;
import shallows.model.BadInputException;
import shallows.model.Setting;
import shallows.pipeline.Run;
import shallows.pipeline.measure.ModelFileCheck;
import shallows.train.options.Compute;

/** {@code shallows verify}. */
@Command(
    name = "verify",
    sortOptions = false,
    header = "Checks the exported files of a run, or measures any model file.%n",
    description = {
      "RUN: runs each exported file in ONNX Runtime or TFLite on the whole test set. A file passes",
      "when its outputs are those of the network it was written from, and test images do not show",
      "that it lost more than --max-drop points against the full network, chance considered. Exit",
      "status 1 when a file of the pruned network does not pass.%n",
      "Reads  RUN/train/model.onnx, RUN/prune/model.onnx, RUN/export and the test images.",
      "Writes RUN/verify/verify.json: accuracy, agreement, largest difference, size and latency of",
      "       each file, what it lost class by class and image by image, and the two estimates of",
      "       the full ensemble; RUN/bundle: the files that",
      "       passed, with nine images to check them by. A report of an earlier check is removed",
      "       once that is there.%n",
      "FILE: shows the accuracy and latency of a model file on the test images of --data, class by",
      "class, and how it compares with --reference. Where the file does not say how pixels are",
      "scaled, that is found by trying on training images. Writes nothing.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./shallows verify runs/trial --max-drop 0.5",
      "  ./shallows verify theirs.tflite --data my-photos --reference runs/photos/train/model.onnx"
    })
final class VerifyCommand implements Callable<Integer> {
  @ParentCommand private Shallows shallows;

  @Parameters(
      paramLabel = "RUN|FILE",
      description = "A run folder with exported files, or an .onnx or .tflite file.")
  private Path path;

  @Option(
      names = "--max-drop",
      paramLabel = "POINTS",
      description =
          "RUN: points of accuracy that a file may lose against the full network. Default: what prune "
              + "was asked for")
  private Double maxDrop;

  @Option(
      names = "--tta",
      paramLabel = "flip|crops:N|draws:N",
      converter = CopiesConverter.class,
      description = {
        "Test-time augmentation: asks files about several copies of each image too, its mirror image or"
            + " N places (2 to 9), or with N draws of the regions of fractional pools (2 to 100), and"
            + " shows what the mean of the probabilities brings and costs."
      })
  private TestTimeAugmentation copies;

  @ArgGroup(exclusive = false)
  private FileArguments fileArguments;

  @Mixin private ThreadsArgument threads;
  @Mixin private OutputArguments output;

  @Override
  public Integer call() {
    return Files.isRegularFile(path) ? file() : run();
  }

  private int file() {
    if (maxDrop != null) {
      throw new BadInputException(Setting.MAX_DROP, "with a run", "with a file", "leave it out");
    }
    if (fileArguments == null || fileArguments.data == null) {
      throw new BadInputException(path, "--data to measure a file on", "none", "name its images");
    }
    Console console = shallows.console();
    ModelFileCheck asked =
        new ModelFileCheck(
            path,
            Optional.ofNullable(fileArguments.reference),
            fileArguments.layers,
            Optional.ofNullable(copies),
            fileArguments.task.asked());
    MeasuredWords.lines(
            asked,
            asked.run(
                fileArguments.data,
                fileArguments.seed(),
                threads.count(),
                output.progress(console)))
        .forEach(console::result);
    return 0;
  }

  private int run() {
    if (fileArguments != null) {
      throw new BadInputException(
          path,
          "a model file beside --data, --reference, --layers, --seed, --labels, --normalization,"
              + " --mean and --std",
          (Files.exists(path)
              ? "a folder; of a run all is known"
              : "nothing there; check the path"),
          null);
    }
    if (maxDrop != null && !(maxDrop >= 0 && maxDrop <= 100)) {
      throw new BadInputException(Setting.MAX_DROP, "0 to 100 points", maxDrop, null);
    }
    Run run = shallows.run(path, Compute.cpu(threads.count()), output);
    run.verify(maxDrop == null ? run.maxDrop() : maxDrop, Optional.ofNullable(copies));
    return Ending.files(run, path, shallows.console());
  }
}

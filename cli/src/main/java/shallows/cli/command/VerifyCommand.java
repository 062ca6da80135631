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
import shallows.model.file.AbsolutePath;
import shallows.pipeline.Run;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.measure.ModelFileCheck;
import shallows.train.jobs.JobRunner;
import shallows.train.jobs.Jobs;
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
      "scaled, that is found by trying on training images. Writes nothing, but for the parts in",
      "--out: what was found in as many images as are answered at once, on this machine or on",
      "those of a cluster, which gives the same sums.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./shallows verify runs/trial --max-drop 0.5",
      "  ./shallows verify theirs.tflite --data my-photos --reference runs/photos/train/model.onnx",
      "  ./shallows verify theirs.onnx --data /shared/may --data /shared/june --out /shared/parts"
          + " --on spark://first:7077"
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

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "FILE: keeps what was found part by part in DIR; interrupted, the same command goes on where"
              + " it was. --on needs it.")
  private Path out;

  @Mixin private PlaceArgument place;
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
    place.require();
    if (place.isGiven() && out == null) {
      throw new BadInputException(
          "--on", "--out DIR, which all machines see", "none", "name a folder for the parts");
    }
    long seed = fileArguments.seed();
    if (shallows.onlyChecks()) {
      return 0;
    }
    Console console = shallows.console();
    ModelFileCheck asked =
        new ModelFileCheck(
            path,
            Optional.ofNullable(fileArguments.reference),
            fileArguments.layers,
            Optional.ofNullable(copies),
            fileArguments.task.asked());
    ModelFileCheck.Measured measured =
        out == null
            ? asked.run(fileArguments.data, seed, threads.count(), output.progress(console))
            : inParts(asked, seed, console);
    MeasuredWords.lines(asked, measured).forEach(console::result);
    return 0;
  }

  private ModelFileCheck.Measured inParts(ModelFileCheck asked, long seed, Console console) {
    if (new RunFolder(out).holdsRun()) {
      throw new BadInputException(
          out, "a folder of parts or a new one", "a run", "choose another --out");
    }
    shallows.worksInParts();
    Compute width = Compute.cpu(threads.asked());
    Jobs jobs = new Jobs(AbsolutePath.of(out), width, output.progress(console), name -> {});
    try (JobRunner runner = place.runner(width, console::remark)) {
      return asked.run(fileArguments.data, seed, jobs, runner);
    }
  }

  private int run() {
    if (fileArguments != null || place.isGiven() || out != null) {
      throw new BadInputException(
          path,
          "a model file beside --data, --reference, --layers, --seed, --labels, --normalization,"
              + " --mean, --std, --out and --on",
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

package shallows.cli.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import shallows.data.sets.DataSets;
import shallows.export.ExportSettings;
import shallows.pipeline.Importing;
import shallows.pipeline.Run;
import shallows.pipeline.convert.ConvertSettings;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.TrainSettings;
import shallows.prune.plan.Form;

/** {@code shallows shrink}. */
@Command(
    name = "shrink",
    sortOptions = false,
    header = "Shrinks a network that somebody else trained.%n",
    description = {
      "As run does, with a trained network in the place of the training. Residual blocks become",
      "narrow, linear, scaled or are dropped, whichever moves the answers least, and what is left is",
      "fitted anew, without training; a few hundred images tell how far that may go, by their labels,",
      "or by what the network as it came answers to pictures that have none. With --epochs it is",
      "trained on with stochastic depth first, and with --fine-tune-epochs once it is cut. Both learn",
      "from the answers of the network as it came too (--distill), and the files are checked against",
      "it.%n",
      "Reads  an .onnx file and images, which are brought to the network's size.",
      "Writes RUN, as run does: report.html, and bundle/ with the files that passed their check.",
      "       The same command goes on where an interrupted one stopped.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./shallows shrink their.onnx --data my-photos --max-drop 1",
      "  ./shallows shrink their.onnx --data my-photos --normalization imagenet --max-macs 70%%",
      "  ./shallows shrink their.onnx --data unsorted --normalization imagenet --max-macs 75%%",
      "  ./shallows shrink their.onnx --data my-photos --epochs 5 --max-macs 50%% --out runs/theirs"
    })
final class ShrinkCommand implements Callable<Integer> {
  @ParentCommand private Shallows shallows;

  @Parameters(paramLabel = "FILE.onnx", description = "The network, trained.")
  private Path file;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      required = true,
      description =
          "Labelled images: a folder DATA/<class>/* (a fifth is kept to test on) or "
              + "DATA/train/<class>/* and DATA/test/<class>/*, or what train takes; or pictures "
              + "without labels, in a folder without folders or in a list (.txt): then --max-drop "
              + "counts answers that change. Default of that: "
              + ConvertSettings.Images.MAX_CHANGED)
  private String data;

  @Mixin private ImportArguments network;

  @Option(
      names = "--images",
      paramLabel = "N",
      description =
          "Uses N of the training images, the same share of each class. Default: "
              + Importing.MOST_IMAGES
              + ", for large networks down to "
              + Importing.FEWEST_IMAGES
              + ", or all where something is trained")
  private Integer trainImages;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Passes over the training images with stochastic depth before blocks are judged. "
              + "Default: ${DEFAULT-VALUE}, no training")
  private int epochs;

  @Option(
      names = "--survival",
      paramLabel = "SCHEDULE",
      defaultValue = TrainSettings.SURVIVAL,
      description =
          "With --epochs: how likely a block is on, as for train. Default: ${DEFAULT-VALUE}")
  private String survival;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      defaultValue = "" + Importing.LEARNING_RATE,
      description =
          "With --epochs or --fine-tune-epochs: the largest one. Default: ${DEFAULT-VALUE}")
  private double learningRate;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "" + TrainSettings.BATCH,
      description = "With --epochs or --fine-tune-epochs: images a step. Default: ${DEFAULT-VALUE}")
  private int batch;

  @Option(
      names = "--skip-broken",
      description = "Leaves images out that do not decode; without it they end the run.")
  private boolean skipBroken;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "" + TrainSettings.SEED,
      description = "Of splits, order and gates. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(names = "--reproducible", description = TrainArguments.REPRODUCIBLE)
  private boolean reproducible;

  @Mixin private PruneArguments prune;
  @Mixin private ExportArguments export;

  @Option(
      names = "--out",
      paramLabel = "RUN",
      description = "The run folder. Default: runs/<name of the file>")
  private Path out;

  @Mixin private SafeguardArguments safeguards;
  @Mixin private ComputeArguments compute;
  @Mixin private PlaceArgument place;
  @Mixin private OutputArguments output;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    Importing theirs = network.of(file);
    Path path = out == null ? Path.of("runs", theirs.name()) : out;
    PruneSettings pruning =
        prune.over(
            Importing.pruning(TrainArguments.spec(data), epochs), Importing.DISTILL, epochs > 0);
    boolean trains = epochs > 0 || pruning.fineTuneEpochs() > 0;
    DeadOptions dead = new DeadOptions(command);
    if (epochs == 0) {
      dead.refuse(
          "--epochs beside it",
          "--survival",
          "--checkpoint-minutes",
          "--on-divergence",
          "--time-limit");
    }
    if (!trains) {
      dead.refuse("--epochs or --fine-tune-epochs beside it", "--learning-rate", "--batch");
    }
    if (skipBroken && DataSets.NAMES.contains(data)) {
      throw DeadOptions.of("--skip-broken", "a folder of images as --data");
    }
    ExportSettings exporting = export.over(ExportSettings.STANDARD, pruning, Form.MENU);
    if (pruning.forms() == null && !pruning.couldBinarize(Form.MENU)) {
      // Blocks take other forms then, all of them of full precision.
      dead.refuse(
          "--forms none, --family, or --max-bytes and --fine-tune-epochs beside it",
          "--keep-precision");
    }
    Run run =
        shallows
            .run(path, compute.compute(), output)
            .safeguardedBy(safeguards.safeguards(false))
            .importing(theirs);
    TrainSettings training = training(theirs, trains);
    place.require();
    if (shallows.onlyChecks()) {
      return 0;
    }
    place.with(
        run,
        compute.compute(),
        shallows.console()::remark,
        there -> there.complete(training, pruning, exporting));
    return Ending.tell(run, path, shallows.console());
  }

  private TrainSettings training(Importing theirs, boolean trains) {
    return new Said(command, ShrinkCommand.class)
        .with("data", TrainArguments.spec(data))
        .over(theirs.training(data, epochs, trains));
  }
}

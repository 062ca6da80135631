package shallows.cli.command;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import shallows.data.sets.DataSets;
import shallows.model.BadInputException;
import shallows.model.file.AbsolutePath;
import shallows.pipeline.Run;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.folder.TransferSettings;
import shallows.train.options.Selection.Keep;
import shallows.train.options.TrainingOptions;
import shallows.train.options.Transfer;

/** The options of a training. What is left out is null, so that what was said can be told. */
final class TrainArguments {
  static final String REPRODUCIBLE =
      "Gives the same bytes on every x86-64 processor with AVX2; slower on those that have more. Later "
          + "stages of the run go by it too.";

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "The images: fashion-mnist-mini (embedded); mnist, fashion-mnist, cifar-10, cifar-100 or"
              + " svhn, downloaded once where they are not found; a folder with their files or four"
              + " IDX files; or a folder of images: DATA/train/<class>/* and DATA/test/<class>/*,"
              + " or DATA/<class>/* (then a fifth is kept to test on). Default: "
              + TrainSettings.DATA)
  private String data;

  @Option(
      names = "--network",
      paramLabel = "NAME",
      description =
          "resnet-N or preresnet-N of 6n+2 layers (resnet-20, preresnet-110), wrn-16-8,"
              + " wrn-28-10-d0.3, densenet-40-12, densenet-bc-100-12, fmp-8-32, bottleneck-50, -101 or -152"
              + " (images of 64 pixels and more), mobilenet-v2; with -b projection shortcuts, with -s2 a stem of stride 2 and a"
              + " quarter of the cost. Default: "
              + TrainSettings.NETWORK)
  private String network;

  @Option(
      names = "--survival",
      paramLabel = "SCHEDULE",
      description =
          "How likely a block is on in a training step: linear:P falls from 1 to P at the last"
              + " block, uniform:P is P for all, none keeps all on; per-sample:P draws for each"
              + " image, which saves no time; learned:X finds out, each block paying X of the loss"
              + " on average, by its share of MACs (:bytes behind it for its share of the size),"
              + " from step 800 on. Default: "
              + TrainSettings.SURVIVAL
              + ", with --from "
              + TrainSettings.TRANSFER_SURVIVAL)
  private String survival;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description =
          "Passes over the training images. Default: "
              + TrainSettings.EPOCHS
              + ", with --from "
              + TrainSettings.TRANSFER_EPOCHS)
  private Integer epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description =
          "Images a step, computed in parts of --batch-norm whose gradients are added up. Default: "
              + TrainSettings.BATCH)
  private Integer batch;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      description =
          "The largest one of the schedule. Default: "
              + TrainSettings.LEARNING_RATE
              + ", with --from "
              + TrainSettings.TRANSFER_RATE)
  private Double learningRate;

  @Option(
      names = "--train-images",
      paramLabel = "N",
      description =
          "Uses only N of the training images, the same share of each class, for a trial.")
  private Integer trainImages;

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      description = "Brings images to this height and width. Default: that of the images")
  private Integer size;

  @Option(
      names = "--skip-broken",
      description = "Leaves images out that do not decode; without it they end the run.")
  private boolean skipBroken;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Of weights, order, gates and splits: the same seed gives the same network. "
              + "Default: "
              + TrainSettings.SEED)
  private Long seed;

  @Option(names = "--reproducible", description = REPRODUCIBLE)
  private boolean reproducible;

  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      description =
          "What all that is not said comes from: standard, or paper (Huang et al. 2016: 500 epochs,"
              + " batches of 128, a rate of 0.1 cut twice, the best epoch). Default: standard")
  private String recipe;

  @ArgGroup(validate = false, order = 1, heading = "%nHow the network learns:%n")
  private OptimizerArguments optimizer = new OptimizerArguments();

  @ArgGroup(
      validate = false,
      order = 2,
      heading = "%nImages, labels, and which weights are kept:%n")
  private RegularizationArguments regularization = new RegularizationArguments();

  @ArgGroup(validate = false, order = 3, heading = "%nBeginning with somebody's network:%n")
  private FromArguments from = new FromArguments();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * The run, with the network that its training begins with, if any was said.
   *
   * @param begun what the run was begun with before; empty where it was not
   * @throws BadInputException for options that do nothing beside the others
   */
  Run of(Run run, Optional<RunRecord> begun) {
    DeadOptions dead = new DeadOptions(command);
    if (from.from == null) {
      dead.refuse("--from FILE.onnx beside it", FromArguments.BESIDE);
      return run;
    }
    dead.refuse("a training without --from", "--network", "--dropout");
    if (epochs != null && epochs == 0) {
      dead.refuse(
          "--epochs of 1 or more beside it",
          "--trunk-rate",
          "--survival",
          "--checkpoint-minutes",
          "--time-limit",
          "--on-divergence");
    }
    Transfer before =
        begun.map(RunRecord::from).map(TransferSettings::transfer).orElse(Transfer.STANDARD);
    return run.from(from.network(), new Said(command, FromArguments.class).over(before));
  }

  /** What holds where nothing was said. */
  TrainSettings standard() {
    return from.from == null
        ? TrainSettings.STANDARD
        : TrainSettings.TRANSFER.withNetwork(from.network().name());
  }

  /**
   * What was said, over what holds without it.
   *
   * @throws BadInputException when a value is out of its range
   */
  TrainSettings over(TrainSettings before) {
    Said said =
        new Said(
            command, TrainArguments.class, OptimizerArguments.class, RegularizationArguments.class);
    if (data != null) {
      said.with("data", spec(data));
    }
    if (regularization.patience != null && regularization.patience > 0) {
      if (regularization.keep == Keep.LAST) {
        throw DeadOptions.of("--patience", "--keep best beside it");
      }
      said.unless("keep", Keep.BEST);
    }
    try {
      // Saying again what was begun changes nothing that was said beside it.
      boolean same = recipe == null || recipe.equals(before.recipe());
      TrainSettings base = same ? before : before.withRecipe(recipe);
      TrainSettings asked = said.over(base);
      if (skipBroken && DataSets.NAMES.contains(asked.data())) {
        throw DeadOptions.of("--skip-broken", "a folder of images as --data");
      }
      TrainingOptions training = asked.training();
      return optimizer.shape == null
          ? asked
          : asked.withTraining(
              training.withSchedule(training.schedule().withShape(optimizer.shape)));
    } catch (IllegalArgumentException e) {
      throw BadInputException.of(e);
    }
  }

  /**
   * Where a run goes that is not told where.
   *
   * @param embedded the name of a run on the embedded images; every other is named after its data
   */
  Path standardFolder(String embedded) {
    if (data == null || data.equals(TrainSettings.DATA)) {
      return Path.of("runs", embedded);
    }
    Path name = Path.of(spec(data)).getFileName();
    return Path.of("runs", name == null ? "data" : name.toString());
  }

  /** A folder as the data set itself names it, so that the same data compares equal. */
  static String spec(String text) {
    if (text.isBlank() || DataSets.NAMES.contains(text)) {
      return text;
    }
    try {
      return AbsolutePath.of(Path.of(text)).toString();
    } catch (InvalidPathException e) {
      throw new BadInputException(
          "--data '" + text + "'", "a name or a folder", "what no path can be", null, e);
    }
  }
}

package shallows.cli.command;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import shallows.model.BadInputException;
import shallows.model.ShellWord;
import shallows.pipeline.Run;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.folder.TrainSettings;
import shallows.train.loop.LearningRateCurve;

/** {@code shallows train}. */
@Command(
    name = "train",
    sortOptions = false,
    header = "Trains a network with stochastic depth and measures each block's worth.%n",
    description = {
      "Every residual block is switched off at random in a share of the training steps; what the",
      "loss does then tells what the block is worth.%n",
      "Reads  the images.",
      "Writes RUN/train: model.onnx (the network), survival.json (each block's worth, with its",
      "       standard error), history.csv (one line an epoch), checkpoint/ (to go on from).%n"
    },
    footerHeading = "%nExample:%n",
    footer = "  ./shallows train --network resnet-20-s2 --epochs 3 --out runs/trial")
final class TrainCommand implements Callable<Integer> {
  /** What the steps of a search for a learning rate do not have. */
  private static final String[] TRAINING_ALONE = {
    "--out",
    "--resume",
    "--epochs",
    "--learning-rate",
    "--schedule",
    "--warm-up",
    "--keep",
    "--ema",
    "--patience",
    "--time-limit",
    "--checkpoint-minutes",
    "--on-divergence",
    "--from",
    "--on"
  };

  /** For an option that takes a file or none. */
  private static final String NO_FILE = "-";

  @ParentCommand private Shallows shallows;
  @Spec private CommandSpec command;
  @Mixin private TrainArguments train;

  @Option(
      names = "--out",
      paramLabel = "RUN",
      description = "The run folder. Default: runs/<network>-<data>")
  private Path out;

  @Option(
      names = "--resume",
      description = "Goes on from the last checkpoint of an interrupted training.")
  private boolean resume;

  @Option(
      names = "--find-lr",
      paramLabel = "FILE.csv",
      arity = "0..1",
      fallbackValue = NO_FILE,
      description = {
        "Trains nothing, but tries learning rates from 0.00001 to 10 over 200 steps of the training"
            + " that the other options ask for, shows the loss at each, suggests one, and writes all"
            + " of them to FILE.csv where it is given."
      })
  private Path findLearningRate;

  @Mixin private SafeguardArguments safeguards;
  @Mixin private ComputeArguments compute;
  @Mixin private PlaceArgument place;
  @Mixin private OutputArguments output;

  @Override
  public Integer call() {
    if (findLearningRate != null) {
      findLearningRate();
      return 0;
    }
    TrainSettings standard = train.over(train.standard());
    Path path = out == null ? standardFolder(standard) : out;
    Run run =
        shallows.run(path, compute.compute(), output).safeguardedBy(safeguards.safeguards(resume));
    Optional<RunRecord> begun = run.record();
    if (begun.isPresent() && !resume) {
      throw new BadInputException(
          run.folder(),
          "a new folder",
          "a run",
          "go on with it with --resume, or begin another run with --out "
              + ShellWord.quoted(run.another()));
    }
    if (run.isFinished(Stage.TRAIN)) {
      shallows.console().remark(run.folder() + ": the training is finished; nothing to do");
    }
    TrainSettings asked = begun.map(record -> train.over(record.train())).orElse(standard);
    Run training = train.of(run, begun);
    place.require();
    if (shallows.onlyChecks()) {
      return 0;
    }
    place.with(
        training, compute.compute(), shallows.console()::remark, there -> there.train(asked));
    return 0;
  }

  private void findLearningRate() {
    new DeadOptions(command).refuse("a training without --find-lr", TRAINING_ALONE);
    TrainSettings settings = train.over(train.standard());
    Run run = shallows.run(standardFolder(settings), compute.compute(), output);
    LearningRateCurve curve = train.of(run, Optional.empty()).learningRates(settings);
    if (!findLearningRate.toString().equals(NO_FILE)) {
      curve.write(findLearningRate);
    }
    new LearningRateTable(curve).lines().forEach(shallows.console()::result);
  }

  private static Path standardFolder(TrainSettings settings) {
    Path data = Path.of(settings.data()).getFileName();
    return Path.of("runs", settings.network() + "-" + (data == null ? "data" : data));
  }
}

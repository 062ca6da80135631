package shallows.cli.command;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import shallows.model.BadInputException;
import shallows.model.ShellWord;
import shallows.pipeline.Run;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.folder.TrainSettings;

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
  @ParentCommand private Shallows shallows;
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

  @Mixin private SafeguardArguments safeguards;
  @Mixin private ComputeArguments compute;
  @Mixin private OutputArguments output;

  @Override
  public Integer call() {
    TrainSettings standard = train.over(train.standard());
    Path path = out == null ? standardFolder(standard) : out;
    Run run =
        shallows.run(path, compute.compute(), output).safeguardedBy(safeguards.safeguards(false));
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
    train.of(run, begun).train(begun.map(record -> train.over(record.train())).orElse(standard));
    return 0;
  }

  private static Path standardFolder(TrainSettings settings) {
    Path data = Path.of(settings.data()).getFileName();
    return Path.of("runs", settings.network() + "-" + (data == null ? "data" : data));
  }
}

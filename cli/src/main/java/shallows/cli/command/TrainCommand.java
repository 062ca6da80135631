package shallows.cli.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.ExportSettings;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.stage.RunImages;
import shallows.pipeline.stage.TrainStage;
import shallows.train.loop.Safeguards;
import shallows.train.options.Compute;

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
    Safeguards guards = safeguards.safeguards(resume);
    TrainSettings asked = train.over(TrainSettings.STANDARD);
    RunFolder folder = RunFolder.forWriting(out == null ? standardFolder(asked) : out);
    boolean goOn = folder.holdsRun();
    if (goOn && !resume) {
      throw new BadInputException(
          folder.root()
              + ": expected a new folder, found a run; go on with it with --resume, or"
              + " begin another run with "
              + Recorded.another(folder));
    }
    if (goOn) {
      asked = Recorded.same(RunRecord.read(folder.record()), train, folder);
    }
    Progress progress = output.progress(shallows.console());
    RunImages images = ImageRemarks.open(asked, shallows.console(), progress);
    Graph fresh = TrainStage.freshNetwork(asked, images);
    RunRecord record =
        RunRecord.begin(
            folder.name(), shallows.line(), asked, PruneSettings.STANDARD, ExportSettings.STANDARD);
    Compute device = compute.compute(asked);
    try (OpenRun run = OpenRun.of(folder, record)) {
      shallows.worksIn(folder.root());
      if (run.isFinished(Stage.TRAIN)) {
        shallows.console().remark(folder.root() + ": the training is finished; nothing to do");
        return 0;
      }
      images.requireSame(run);
      TrainStage.run(
          run, images, fresh, guards.withResume(goOn), device, shallows.console(), progress);
    }
    return 0;
  }

  private static Path standardFolder(TrainSettings settings) {
    Path data = Path.of(settings.data()).getFileName();
    return Path.of("runs", settings.network() + "-" + (data == null ? "data" : data));
  }
}

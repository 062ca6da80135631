package shallows.cli.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import shallows.model.file.AbsolutePath;
import shallows.pipeline.Run;
import shallows.pipeline.folder.PruneSettings;

/** {@code shallows prune}. */
@Command(
    name = "prune",
    sortOptions = false,
    header = "Makes blocks smaller, binary or drops them, within a budget.%n",
    description = {
      "Without a size it prunes as far as --max-drop allows, with one until the size is reached, and",
      "fine-tunes what is left. Training images choose the blocks, held-out ones confirm what is left,",
      "test images have no part in it. With --plan it decides nothing, but does what an edited",
      "plan.json says.%n",
      "Reads  RUN/train and the images the run was trained on.",
      "Writes RUN/prune: plan.json (each block's fate and why), model.onnx (the smaller network);",
      "       of a family also family.json and a folder for each member.",
      "       Exports and reports of an earlier plan are removed once it is there.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./shallows prune runs/trial --max-bytes 50%% --max-drop 2",
      "  ./shallows prune runs/trial --family nano,small,base",
      "  ./shallows prune runs/trial --plan my-plan.json"
    })
final class PruneCommand implements Callable<Integer> {
  @ParentCommand private Shallows shallows;

  @Parameters(paramLabel = "RUN", description = "A run folder with a trained network.")
  private Path path;

  @Mixin private PruneArguments prune;

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description = "Does what this plan says; only the decisions in it count.")
  private Path plan;

  @Mixin private ComputeArguments compute;
  @Mixin private PlaceArgument place;
  @Mixin private OutputArguments output;

  @Override
  public Integer call() {
    PruneSettings asked =
        prune.over(PruneSettings.STANDARD, plan == null ? null : AbsolutePath.of(plan).toString());
    place.require();
    if (plan != null && place.isGiven()) {
      throw DeadOptions.beside("--on", "--plan");
    }
    Run run = shallows.run(path, compute.compute(), output);
    if (place.isGiven()) {
      run.requireJobs(asked);
    }
    if (shallows.onlyChecks()) {
      return 0;
    }
    if (place.isGiven()) {
      shallows.worksInParts();
    }
    place.with(run, compute.compute(), shallows.console()::remark, there -> there.prune(asked));
    return 0;
  }
}

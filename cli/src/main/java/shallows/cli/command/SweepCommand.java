package shallows.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import shallows.cli.terminal.Console;
import shallows.model.BadInputException;
import shallows.model.file.AbsolutePath;
import shallows.model.network.SurvivalSchedule;
import shallows.pipeline.event.Listener;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.stage.RunImages;
import shallows.pipeline.stage.TrainStage;
import shallows.pipeline.sweep.Sweep;
import shallows.pipeline.sweep.SweepPage;
import shallows.pipeline.sweep.SweepResult;
import shallows.train.jobs.JobRunner;
import shallows.train.jobs.Jobs;
import shallows.train.options.Compute;

/** {@code shallows sweep}. */
@Command(
    name = "sweep",
    sortOptions = false,
    header = "Trains a grid of networks, cuts each as far as it goes, and draws it.%n",
    description = {
      "Every network with every survival schedule from every seed. Interrupted, the same command"
          + " goes",
      "on where it was; asked for more networks, schedules, seeds or limits, it adds those.%n",
      "Reads  the images.",
      "Writes DIR: a folder for each training and each cut; sweep.json, and sweep.html to look at,",
      "       both written again after every training.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./shallows sweep",
      "  ./shallows sweep --networks resnet-20-s2,resnet-56-s2 --seeds 1 --out sweeps/depth"
    })
final class SweepCommand implements Callable<Integer> {
  @ParentCommand private Shallows shallows;

  @Option(
      names = "--networks",
      paramLabel = "NAME",
      split = ",",
      defaultValue = TrainSettings.NETWORK,
      description = "As --network of train. Default: ${DEFAULT-VALUE}")
  private List<String> networks;

  @Option(
      names = "--survivals",
      paramLabel = "SCHEDULE",
      split = ",",
      defaultValue = "linear:0.2,linear:0.4,linear:0.5,linear:0.6,linear:0.8,linear:1.0",
      description = "As --survival of train. Default: ${DEFAULT-VALUE}")
  private List<String> survivals;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,2,3",
      description = "As --seed of train. Default: ${DEFAULT-VALUE}")
  private List<Long> seeds;

  @Option(
      names = "--max-drops",
      paramLabel = "POINTS",
      split = ",",
      defaultValue = "0.5,1,2",
      description =
          "Points of accuracy that a cut may cost on held-out images. Default: ${DEFAULT-VALUE}")
  private List<Double> maxDrops;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "sweeps/first",
      description = "The folder of the sweep. Default: ${DEFAULT-VALUE}")
  private Path out;

  @Mixin private PlaceArgument place;
  @Mixin private SweepTraining training;
  @Mixin private ComputeArguments compute;
  @Mixin private OutputArguments output;

  @Override
  public Integer call() {
    // First, since it says how wide the streams are that images are read in.
    Compute how = compute.compute().withReproducible(training.settings().reproducible());
    Sweep sweep = new Sweep(training.settings(), networks, survivals, seeds, checkedDrops());
    survivals.forEach(SurvivalSchedule::parse);
    place.require();
    requireNoRun();
    requireNetworks();
    if (shallows.onlyChecks()) {
      return 0;
    }
    shallows.worksInParts();
    Console console = shallows.console();
    Jobs jobs =
        new Jobs(
            AbsolutePath.of(out),
            how,
            output.progress(console),
            name -> console.remark("begins " + name));
    try (JobRunner runner = place.runner(jobs.compute(), console::remark)) {
      runner.run(sweep.chains(), jobs, () -> write(sweep.result(jobs)));
    }
    write(sweep.result(jobs));
    console.result("look at " + out.resolve("sweep.html"));
    return 0;
  }

  private void write(SweepResult result) {
    result.write(out.resolve("sweep.json"));
    SweepPage.write(result, out.resolve("sweep.html"));
  }

  private void requireNoRun() {
    if (new RunFolder(out).holdsRun()) {
      throw new BadInputException(
          out, "the folder of a sweep or a new one", "a run", "choose another --out");
    }
  }

  /** A name that is wrong must not wait for the trainings of those before it. */
  private void requireNetworks() {
    RunImages images = RunImages.open(training.settings(), Listener.SILENT);
    for (String network : networks) {
      TrainStage.freshNetwork(training.settings().withNetwork(network), images);
    }
  }

  private List<Double> checkedDrops() {
    for (double drop : maxDrops) {
      if (!(drop >= 0 && drop <= 100)) {
        throw new BadInputException("--max-drops", "0 to 100 points", drop, null);
      }
    }
    return maxDrops;
  }
}

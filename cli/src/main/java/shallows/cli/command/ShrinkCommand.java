package shallows.cli.command;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import shallows.cli.terminal.Console;
import shallows.model.BadInputException;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.ExportSettings;
import shallows.pipeline.folder.ImportSettings;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.RecipeSettings;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.stage.ImportStage;
import shallows.pipeline.stage.RunImages;
import shallows.train.loop.Safeguards;
import shallows.train.options.Compute;

/** {@code shallows shrink}. */
@Command(
    name = "shrink",
    sortOptions = false,
    header = "Shrinks a network that somebody else trained.%n",
    description = {
      "As run does, with a trained network in the place of the training. Without training, a few",
      "hundred labelled images tell which residual blocks it can do without; with --epochs it is",
      "trained on with stochastic depth first, and with --fine-tune-epochs once it is cut. Both",
      "learn from the answers of the network as it came too (--distill), and the files are checked",
      "against it.%n",
      "Reads  an .onnx file and labelled images, which are brought to the network's size.",
      "Writes RUN, as run does: report.html, export/ with the checked ONNX and TFLite files,"
          + " bundle/.",
      "       The same command goes on where an interrupted one stopped.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./shallows shrink their.onnx --data my-photos --max-drop 1",
      "  ./shallows shrink their.onnx --data my-photos --normalization imagenet --max-macs 70%%",
      "  ./shallows shrink their.onnx --data my-photos --epochs 5 --max-macs 50%% --out runs/theirs"
    })
final class ShrinkCommand implements Callable<Integer> {
  /** Without training: with 2,000 images to decide on, chance moves a decision by half a point. */
  private static final int MOST_IMAGES = 4000;

  private static final int FEWEST_IMAGES = 300;

  /** What all images together may cost, once through the network: minutes for all of it. */
  private static final long MACS = 1_200_000_000_000L;

  /** Half to re-estimate batch norm and to calibrate on, half to decide on. */
  private static final double HELD_OUT_WITHOUT_TRAINING = 0.5;

  private static final double HELD_OUT = 0.1;

  /** A network that is trained already is not thrown far from where it is. */
  private static final double LEARNING_RATE = 0.02;

  /** What is trained learns as much from the network as it came as from the labels. */
  private static final double DISTILL = 0.5;

  @ParentCommand private Shallows shallows;

  @Parameters(paramLabel = "FILE.onnx", description = "The network, trained.")
  private Path file;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      required = true,
      description =
          "Labelled images: a folder DATA/<class>/* (a fifth is kept to test on) or "
              + "DATA/train/<class>/* and DATA/test/<class>/*, or what train takes.")
  private String data;

  @Mixin private ImportArguments network;

  @Option(
      names = "--images",
      paramLabel = "N",
      description =
          "Uses N of the training images, the same share of each class. Default: "
              + MOST_IMAGES
              + ", for large networks down to "
              + FEWEST_IMAGES
              + ", or all where something is trained")
  private Integer images;

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
      defaultValue = "" + LEARNING_RATE,
      description = "With --epochs: the largest one. Default: ${DEFAULT-VALUE}")
  private double learningRate;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "" + TrainSettings.BATCH,
      description = "With --epochs: images a step. Default: ${DEFAULT-VALUE}")
  private int batch;

  @Option(
      names = "--skip-broken",
      description = "Leaves images out that do not decode; without it the first one ends the run.")
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
  @Mixin private OutputArguments output;

  @Override
  public Integer call() {
    Graph graph = OnnxReader.read(file).withName(name());
    Path path = out == null ? Path.of("runs", name()) : out;
    RunFolder folder = RunFolder.forWriting(path);
    RunRecord asked = asked(graph, folder);
    boolean goOn = folder.holdsRun();
    Safeguards guards = safeguards.safeguards(goOn);
    Compute device = compute.compute(asked.train());
    if (goOn) {
      requireSame(RunRecord.read(folder.record()), asked, folder);
    }
    Console console = shallows.console();
    Progress progress = output.progress(console);
    RunImages opened = ImageRemarks.open(asked, console, progress);
    try (OpenRun run = OpenRun.of(folder, asked)) {
      shallows.worksIn(folder.root());
      RemainingStages remaining = new RemainingStages(run, asked);
      if (goOn) {
        console.remark(remaining.goesOn(path));
      }
      opened.requireSame(run);
      if (!remaining.isDone(Stage.TRAIN)) {
        ImportStage.run(run, graph, opened, guards, device, console, progress);
      }
      remaining.afterTraining(opened, compute, console, progress);
      return Ending.tell(run, path, console);
    }
  }

  /** The file's name without its ending. */
  private String name() {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private RunRecord asked(Graph graph, RunFolder folder) {
    try {
      int fineTuning = prune.fineTuneEpochs(epochs > 0 ? PruneSettings.FINE_TUNE_EPOCHS : 0);
      boolean trains = epochs > 0 || fineTuning > 0;
      PruneSettings standard = PruneSettings.STANDARD.withFineTuneEpochs(fineTuning);
      PruneSettings pruning = prune.over(trains ? standard.withDistill(DISTILL) : standard);
      TrainSettings training =
          new TrainSettings(
              TrainArguments.spec(data),
              null,
              skipBroken,
              images == null && !trains ? images(graph) : images,
              name(),
              survival,
              epochs,
              batch,
              learningRate,
              seed,
              reproducible,
              RecipeSettings.STANDARD);
      ImportSettings imported =
          network.settings(file, graph, trains ? HELD_OUT : HELD_OUT_WITHOUT_TRAINING, pruning);
      requireBlocks(graph, pruning);
      return RunRecord.begin(
              folder.name(),
              shallows.line(),
              training,
              pruning,
              export.over(ExportSettings.STANDARD))
          .withImport(imported);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(e.getMessage(), e);
    }
  }

  private static Integer images(Graph graph) {
    long affordable = MACS / Math.max(1, Cost.of(graph).macs());
    return (int) Math.max(FEWEST_IMAGES, Math.min(MOST_IMAGES, affordable));
  }

  private void requireBlocks(Graph graph, PruneSettings pruning) {
    if (graph.blocks().isEmpty()
        && (epochs > 0 || pruning.maxBytes() != null || pruning.maxMacs() != null)) {
      throw new BadInputException(
          file
              + ": expected a network with residual blocks for --epochs, --max-bytes or"
              + " --max-macs, found none; leave these out, int8 and export go on without blocks");
    }
  }

  /** Another network or other images need another folder; what comes after them may change. */
  private static void requireSame(RunRecord begun, RunRecord asked, RunFolder folder) {
    if (begun.imported() == null) {
      throw new BadInputException(
          folder.root()
              + ": expected a run of shrink, found one whose network was trained here; begin"
              + " another run with "
              + Recorded.another(folder));
    }
    for (Map.Entry<String, String> option : asked.train().options().entrySet()) {
      String before = begun.train().options().get(option.getKey());
      if (!option.getValue().equals(before)) {
        throw changed(folder, option.getKey(), before, option.getValue());
      }
    }
    ImportSettings now = asked.imported();
    ImportSettings then = begun.imported();
    if (!now.sha256().equals(then.sha256())) {
      throw changed(folder, "the file", then.file(), "another, " + now.file());
    }
    if (!now.equals(then)) {
      throw changed(
          folder,
          "--labels, --normalization, --distill and --temperature",
          then.words(),
          now.words());
    }
  }

  private static BadInputException changed(
      RunFolder folder, String what, String before, String found) {
    return new BadInputException(
        folder.root()
            + ": this run was begun with "
            + what
            + " "
            + before
            + ", found "
            + found
            + "; give what it was begun with, or begin another run with "
            + Recorded.another(folder));
  }
}

package shallows.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import shallows.data.Augmentation;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.data.NormalizationPreset;
import shallows.data.sets.DataSets;
import shallows.export.ExportPrecision;
import shallows.export.footprint.TfliteFootprint;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.Int8Form;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.export.verify.Latency;
import shallows.model.BadInputException;
import shallows.model.file.AtomicFile;
import shallows.model.graph.BranchScales;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Task;
import shallows.model.json.JsonFormat;
import shallows.model.json.OrNull;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.prune.form.Refit;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Form;
import shallows.prune.search.FormMeter;
import shallows.prune.search.FormSearch;
import shallows.prune.tune.FineTuning;
import shallows.train.inference.FoldedBatchNorm;
import shallows.train.inference.PairedNetworks;
import shallows.train.inference.VariantPredictions;
import shallows.train.loop.Distillation;
import shallows.train.options.Compute;
import shallows.train.options.TrainingOptions;

/**
 * What somebody else's networks lose without any training as their MACs go: with drops alone, with
 * narrow blocks alone, with all forms; with {@code --epochs} also after the same fine-tuning of
 * each. OUT.json has a row for each network, menu and size, written again after each; beside it lie
 * the names of the images that were fitted on, trained on and tested on, for others to take the
 * same ({@code python/torch_pruning_comparison.py}).
 */
public final class FormsOfBlocks implements Callable<Integer> {
  private static final int FITTED = 1000;
  private static final int CHOOSING = 400;
  private static final long SEED = 1;
  private static final int WARM_UPS = 10;
  private static final int RUNS = 50;

  /** Of fine-tuning, on either side of the comparison. */
  private static final double RATE = 0.01;

  private static final int SHIFT = 4;

  @Parameters(index = "0", paramLabel = "OUT.json")
  private Path out;

  @Parameters(index = "1", paramLabel = "DATA")
  private String data;

  @Parameters(index = "2..*", paramLabel = "NETWORK.onnx", arity = "1..*")
  private List<Path> networks;

  @Option(names = "--removed", split = ",", defaultValue = "25,50,65")
  private List<Double> removed;

  @Option(
      names = "--forms",
      defaultValue = "drop narrow drop,scale,narrow,linear",
      description = "Menus, each as shrink takes it.")
  private String menus;

  @Option(
      names = "--fit-images",
      defaultValue = "" + FITTED,
      description = "Of the images that are fitted on, so many at most.")
  private int fit;

  @Option(
      names = "--choosing-images",
      defaultValue = "" + CHOOSING,
      description = "Of the images that forms are measured on, so many at most.")
  private int choosing;

  @Option(names = "--test-images", defaultValue = "2000")
  private int testImages;

  @Option(
      names = "--train-images",
      defaultValue = "10000",
      description = "With --epochs: to train on after the cut.")
  private int trained;

  @Option(names = "--epochs", defaultValue = "0", description = "Over those.")
  private int epochs;

  @Option(
      names = "--distill",
      defaultValue = "0",
      description = "Of what they aim at, the share of the full network's answers.")
  private double distill;

  @Option(names = "--threads", defaultValue = "0")
  private int threads;

  @Option(
      names = "--save",
      paramLabel = "FOLDER",
      description = "Where each network goes as it is before those epochs, an fp32 ONNX file.")
  private Path saved;

  private final List<Row> rows = new ArrayList<>();

  /**
   * One network.
   *
   * @param forms that blocks may get; {@code full} for the network as it came
   * @param asked percent of the MACs that were to go
   * @param removed percent that went
   * @param pointsLost of accuracy, against the network as it came
   * @param tunedAccuracy after the epochs that were asked for; null without any
   * @param onnxBytes of the fp32 ONNX file
   * @param tfliteBytes of the int8 TFLite file
   * @param onnxMs of that ONNX file in ONNX Runtime, one image on one thread
   * @param tfliteMs of that TFLite file, likewise
   * @param seconds from the start of the search
   */
  private record Row(
      String network,
      String forms,
      double asked,
      double removed,
      long macs,
      double accuracy,
      double pointsLost,
      @OrNull Double tunedAccuracy,
      long onnxBytes,
      long tfliteBytes,
      double onnxMs,
      double tfliteMs,
      double seconds) {}

  public static void main(String[] arguments) {
    System.exit(JobArguments.run(new FormsOfBlocks(), arguments));
  }

  @Override
  public Integer call() {
    for (Path file : networks) {
      measure(file);
    }
    return 0;
  }

  private void measure(Path file) {
    Graph read = OnnxReader.read(file);
    OptionalInt size = OptionalInt.of(read.input().shape().dimension(1));
    DataSet set = DataSets.open(data, new DataOptions(size, false, SEED), Progress.SILENT);
    HeldOutSplit split =
        some(set.train(), FITTED + CHOOSING).split((double) CHOOSING / (FITTED + CHOOSING), SEED);
    LabelledImages all = PairedNetworks.sample(split.train());
    LabelledImages fitting = all.subset(0, Math.min(fit, all.size()));
    LabelledImages measuring = split.heldOut().evenly(choosing);
    LabelledImages test = some(set.test(), testImages);
    writeNames("fitted", split.train());
    writeNames("tested", test);
    Compute compute = Compute.cpu(threads);
    Task task = new Task(set.classes(), NormalizationPreset.IMAGENET.of(set.train()).orElseThrow());
    Graph full =
        BranchScales.insert(
            FoldedBatchNorm.restore(read.withTask(task), split.train(), compute, Progress.SILENT));
    Optional<FineTuning> tuning = Optional.empty();
    if (epochs > 0) {
      LabelledImages train = some(set.train(), trained);
      writeNames("trained", train);
      tuning = Optional.of(tuning(train, split.heldOut(), full, compute));
    }
    Measuring tested =
        new Measuring(file.getFileName().toString(), full, test, compute, tuning, beside("tuning"));
    tell(tested.row(full, "full", 0, 0));
    save(full, file, "full");
    List<Double> smaller = removed.stream().sorted().toList();
    for (String menu : menus.split(" ")) {
      long start = System.nanoTime();
      FormSearch search =
          new FormSearch(
              new FormMeter(new Refit(full, fitting, compute), measuring, fitted(menu)),
              full,
              budget(full, smaller.get(0)),
              Optional.empty());
      for (double percent : smaller) {
        Budget budget = budget(full, percent);
        search.towards(budget);
        if (!search.run(graph -> budget.isMet(budget.footprint(graph)), Progress.SILENT)) {
          System.err.println(file + ": " + menu + " do not remove " + percent + " %");
          break;
        }
        tell(tested.row(search.graph(), menu, percent, (System.nanoTime() - start) / 1e9));
        save(search.graph(), file, menu.replace(',', '+') + "-" + Math.round(percent));
      }
    }
  }

  private Set<Decision> fitted(String text) {
    Set<Decision> menu = Form.menu(text);
    if (!Form.MENU.containsAll(menu)) {
      throw new BadInputException(
          "--forms", "forms that are fitted alone", "'" + text + "'", "leave binary out");
    }
    return menu;
  }

  private FineTuning tuning(
      LabelledImages train, LabelledImages heldOut, Graph full, Compute compute) {
    return new FineTuning(
        train,
        heldOut,
        epochs,
        RATE,
        TrainingOptions.standard(SEED).withAugmentation(new Augmentation(true, SHIFT)),
        full,
        new Distillation.Options(distill, 1),
        compute);
  }

  private void save(Graph graph, Path network, String what) {
    if (saved != null) {
      String name = network.getFileName().toString().replace(".onnx", "") + "-" + what + ".onnx";
      OnnxWriter.write(ExportPasses.all(graph), saved.resolve(name));
    }
  }

  private void tell(Row row) {
    rows.add(row);
    System.out.println(JsonFormat.compact(row));
    AtomicFile.writeText(out, JsonFormat.compact(rows) + "\n");
  }

  private void writeNames(String part, LabelledImages images) {
    String names =
        IntStream.range(0, images.size())
            .mapToObj(images::source)
            .collect(Collectors.joining("\n", "", "\n"));
    AtomicFile.writeText(beside(part + ".txt"), names);
  }

  private Path beside(String what) {
    Path file = out.toAbsolutePath();
    return file.resolveSibling(file.getFileName().toString().replace(".json", "") + "-" + what);
  }

  private static Budget budget(Graph full, double percent) {
    return Budget.ofDrop(100).withMaxMacs((long) (Cost.of(full).macs() * (1 - percent / 100)));
  }

  private static LabelledImages some(LabelledImages all, int count) {
    return all.size() <= count ? all : all.split((double) count / all.size(), SEED).heldOut();
  }

  /** What is said of each network, against the full one. */
  private record Measuring(
      String name,
      Graph full,
      LabelledImages test,
      Compute compute,
      Optional<FineTuning> tuning,
      Path folder) {
    Row row(Graph graph, String menu, double asked, double seconds) {
      long macs = Cost.of(graph).macs();
      double accuracy = accuracy(graph);
      byte[] onnx = OnnxWriter.bytes(ExportPasses.all(graph));
      return new Row(
          name,
          menu,
          asked,
          100 - 100.0 * macs / Cost.of(full).macs(),
          macs,
          accuracy,
          100 * (accuracy(full) - accuracy),
          tuning.map(tune -> accuracy(tune.run(graph, folder, Progress.SILENT))).orElse(null),
          onnx.length,
          TfliteFootprint.bytes(graph, ExportPrecision.INT8, Int8Form.STANDARD),
          onnxMs(onnx, graph),
          TfliteFootprint.latency(graph, ExportPrecision.INT8, Int8Form.STANDARD),
          seconds);
    }

    private double accuracy(Graph graph) {
      return VariantPredictions.of(graph, List.of(graph), test, compute, Progress.SILENT)
          .get(0)
          .accuracy(test);
    }

    /** The least of three medians, as other programs only ever make a run slower. */
    private double onnxMs(byte[] onnx, Graph graph) {
      float[] image = new float[graph.input().shape().size()];
      try (OnnxRuntimeClassifier file = OnnxRuntimeClassifier.open(onnx, name, 1)) {
        return IntStream.range(0, 3)
            .mapToDouble(i -> Latency.of(file, image, WARM_UPS, RUNS).median())
            .min()
            .orElseThrow();
      }
    }
  }
}

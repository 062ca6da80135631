package shallows.bench;

import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.evaluation.AccuracyLoss;
import shallows.data.sets.DataSets;
import shallows.export.ExportedFile;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.json.JsonFormat;
import shallows.model.json.OrNull;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.report.Report;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Plan;
import shallows.train.inference.TorchClassifier;
import shallows.train.options.Compute;

/**
 * What {@code ./shallows run} brings over many seeds, none of them chosen: how many ship a pruned
 * file, how small it is, and what it lost on the test images and, far more exactly, on the 56,000
 * images of Fashion-MNIST that the embedded ones were not taken from.
 *
 * <p>Arguments: a folder, the first seed and the last. A run that is there goes on or is read; all
 * rows end up in {@code runs.json}.
 */
public final class DefaultRuns {
  /** Of each class in its file, these are embedded: {@code FashionMnistMiniSelection}. */
  private static final int EMBEDDED_TRAIN = 1200;

  private static final int EMBEDDED_TEST = 200;

  private static final JsonFormat<List<Row>> ROWS =
      new JsonFormat<>(new TypeToken<List<Row>>() {}, "runs of many seeds", "run them again");

  private DefaultRuns() {}

  /**
   * One seed.
   *
   * @param full accuracy on the test images, in [0, 1]
   * @param pruned likewise
   * @param dropped blocks
   * @param binarized blocks
   * @param rejected how many smaller networks test images rejected before this one
   * @param passed how many files of the pruned network passed
   * @param smallest bytes of the smallest of them; null where none did
   * @param times how many times smaller it is than the full network's fp32 ONNX file; null likewise
   * @param unseen what the pruned network lost on images that no stage saw; null where the whole
   *     set is not at hand
   */
  record Row(
      int seed,
      double full,
      double pruned,
      int dropped,
      int binarized,
      int rejected,
      long passed,
      @OrNull Long smallest,
      @OrNull Double times,
      @OrNull AccuracyLoss unseen) {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path folder = Path.of(arguments[0]);
    int first = Integer.parseInt(arguments[1]);
    int last = Integer.parseInt(arguments[2]);
    List<LabelledImages> unseen = unseen();
    List<Row> rows = new ArrayList<>();
    for (int seed = first; seed <= last; seed++) {
      RunFolder run = new RunFolder(folder.resolve(Integer.toString(seed)));
      if (!Files.exists(run.report())) {
        run(seed, run.root());
      }
      if (Files.exists(run.report())) {
        rows.add(row(seed, run, unseen));
      } else {
        System.out.println("seed " + seed + " has left no report");
      }
    }
    ROWS.write(rows, folder.resolve("runs.json"));
    DefaultRunsTable.print(rows);
  }

  private static void run(int seed, Path out) throws IOException, InterruptedException {
    Path program = Path.of(System.getProperty("bench")).resolveSibling("shallows");
    new ProcessBuilder(
            program.toString(),
            "run",
            "--quiet",
            // The figures are of these bytes, which every other machine gives as well.
            "--reproducible",
            "--seed",
            Integer.toString(seed),
            "--out",
            out.toString())
        .inheritIO()
        .start()
        .waitFor();
  }

  private static Row row(int seed, RunFolder run, List<LabelledImages> unseen) {
    Report report = Report.FORMAT.read(run.report());
    Optional<ExportedFile> smallest = report.smallestPassing();
    Plan plan = report.plan();
    return new Row(
        seed,
        report.verification().expectationAccuracy(),
        report.verification().prunedAccuracy(),
        (int) plan.count(Decision.DROP),
        (int) plan.count(Decision.BINARIZE),
        plan.rejected().size(),
        report.passing().size(),
        smallest.map(ExportedFile::bytes).orElse(null),
        smallest.map(file -> (double) report.full().bytes() / file.bytes()).orElse(null),
        unseen.isEmpty() ? null : loss(run, unseen));
  }

  private static AccuracyLoss loss(RunFolder run, List<LabelledImages> unseen) {
    Graph full = OnnxReader.read(run.fullModel());
    Graph pruned = OnnxReader.read(run.prunedModel());
    int lost = 0;
    int won = 0;
    int images = 0;
    for (LabelledImages part : unseen) {
      AccuracyLoss loss = AccuracyLoss.between(right(full, part), right(pruned, part));
      lost += loss.lost();
      won += loss.won();
      images += loss.images();
    }
    return new AccuracyLoss(lost, won, images);
  }

  private static boolean[] right(Graph network, LabelledImages images) {
    return TorchClassifier.answers(network, images, Compute.cpu(0)).right(images);
  }

  /** Empty where Fashion-MNIST is not at hand. */
  private static List<LabelledImages> unseen() {
    try {
      DataSet whole = DataSets.open("fashion-mnist", DataOptions.ofSeed(0), Progress.SILENT);
      return List.of(after(whole.train(), EMBEDDED_TRAIN), after(whole.test(), EMBEDDED_TEST));
    } catch (BadInputException e) {
      System.out.println("losses on other images are left out: " + e.getMessage());
      return List.of();
    }
  }

  private static LabelledImages after(LabelledImages images, int ofEachClass) {
    int[] seen = new int[images.classes().size()];
    return images.subset(
        IntStream.range(0, images.size())
            .filter(i -> seen[images.label(i)]++ >= ofEachClass)
            .toArray());
  }
}

package shallows.bench;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.data.NormalizationPreset;
import shallows.data.sets.DataSets;
import shallows.model.graph.BranchScales;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Task;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.progress.Progress;
import shallows.prune.form.Refit;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.search.FormSearch;
import shallows.train.inference.FoldedBatchNorm;
import shallows.train.inference.VariantPredictions;
import shallows.train.options.Compute;

/**
 * What somebody else's network loses without any training as its MACs go: with drops alone, with
 * narrow blocks alone, with all forms. One line of CSV a round: the menu, the share of the MACs
 * that is left, accuracy on 2,000 test images, seconds.
 */
public final class FormsOfBlocks {
  private static final int FITTED = 1000;
  private static final int CHOOSING = 400;
  private static final int TEST = 2000;
  private static final long SEED = 1;

  private FormsOfBlocks() {}

  /**
   * @param arguments the network, the images, the percentage of the MACs to end at, and the
   *     decisions on the menu, {@code narrow,linear,drop}; each may be left out from the right
   */
  public static void main(String[] arguments) {
    Graph read = OnnxReader.read(Path.of(arguments[0]));
    OptionalInt size = OptionalInt.of(read.input().shape().dimension(1));
    DataSet data = DataSets.open(arguments[1], new DataOptions(size, false, SEED), Progress.SILENT);
    double end = Arguments.number(arguments, 2, 35) / 100.0;
    HeldOutSplit split = some(data.train(), FITTED + CHOOSING).split(0.286, SEED);
    LabelledImages test = some(data.test(), TEST);
    Compute compute = Compute.cpu(0);
    Graph full =
        BranchScales.insert(
            FoldedBatchNorm.restore(
                read.withTask(
                    new Task(
                        data.classes(),
                        NormalizationPreset.IMAGENET.of(data.train()).orElseThrow())),
                split.train(),
                compute,
                Progress.SILENT));
    long macs = Cost.of(full).macs();
    Budget budget = Budget.ofDrop(100).withMaxMacs((long) (end * macs));
    System.out.println("menu,macs,accuracy,seconds");
    for (Set<Decision> menu : menus(Arguments.text(arguments, 3, ""))) {
      String name = menu.stream().map(Decision::inWords).sorted().collect(Collectors.joining("+"));
      Refit refit = new Refit(full, split.train(), compute);
      FormSearch search = new FormSearch(refit, split.heldOut(), full, budget, menu, compute);
      long start = System.nanoTime();
      do {
        double share = (double) Cost.of(search.graph()).macs() / macs;
        System.out.printf(
            Locale.ROOT,
            "%s,%.4f,%.4f,%.0f%n",
            name,
            share,
            accuracy(search.graph(), test, compute),
            (System.nanoTime() - start) / 1e9);
      } while (!budget.isMet(budget.footprint(search.graph())) && search.round(Progress.SILENT));
    }
  }

  private static List<Set<Decision>> menus(String asked) {
    if (asked.isEmpty()) {
      return List.of(FormSearch.ALL, Set.of(Decision.NARROW), Set.of(Decision.DROP));
    }
    Set<Decision> menu = EnumSet.noneOf(Decision.class);
    for (String word : asked.split(",")) {
      menu.add(Decision.valueOf(word.toUpperCase(Locale.ROOT)));
    }
    return List.of(menu);
  }

  private static LabelledImages some(LabelledImages all, int count) {
    return all.size() <= count ? all : all.split((double) count / all.size(), SEED).heldOut();
  }

  private static double accuracy(Graph graph, LabelledImages test, Compute compute) {
    return VariantPredictions.of(graph, List.of(graph), test, compute, Progress.SILENT)
        .get(0)
        .accuracy(test);
  }
}

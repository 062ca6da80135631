package shallows.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.progress.Progress;
import shallows.train.inference.BatchNormStatistics;
import shallows.train.inference.VariantPredictions;
import shallows.train.options.Compute;

/**
 * What does it save in leave-one-out to compute what networks have in common once? The network and,
 * for each block, the network without it are measured on noise: batch norm re-estimated on some
 * images, answers on as many others. Once all of them together, as the product does, and once each
 * alone; the answers must be the same, bit for bit. Both are told in seconds on the clock and of
 * processors, as the second hold on a busy machine too.
 */
public final class LeaveOneOutReuse {
  private LeaveOneOutReuse() {}

  /**
   * @param arguments network or file, images (a half to re-estimate batch norm, a half to answer
   *     about), side of an image, threads (0 for all), and {@code shared} to leave the side that
   *     computes each network alone out; each may be left out from the right
   */
  public static void main(String[] arguments) {
    String name = Arguments.text(arguments, 0, "bottleneck-50");
    int count = Arguments.number(arguments, 1, 64);
    int side = Arguments.number(arguments, 2, 224);
    int threads = Arguments.number(arguments, 3, 0);
    boolean both = !Arguments.text(arguments, 4, "").equals("shared");
    Compute compute = Compute.cpu(threads);
    Graph graph =
        Files.isRegularFile(Path.of(name))
            ? OnnxReader.read(Path.of(name))
            : Networks.create(name, Shape.of(3, side, side), Task.unnamed(1000, 3), 1);
    List<Graph> graphs = new ArrayList<>(List.of(graph));
    for (Block block : graph.blocks()) {
      graphs.add(Rewrites.drop(graph, Set.of(block.name())));
    }
    LabelledImages images =
        FrozenFeatures.noise(count, graph.input().shape(), graph.task().labels());
    LabelledImages train = images.subset(0, count / 2);
    LabelledImages heldOut = images.subset(count / 2, count);
    // The engine starts, and every kernel has run once.
    answers(graph, List.of(graph), train, heldOut, compute);
    long begin = System.nanoTime();
    double worked = StepCost.worked();
    List<Predictions> together = answers(graph, graphs, train, heldOut, compute);
    double shared = (System.nanoTime() - begin) / 1e9;
    double sharedWork = StepCost.worked() - worked;
    System.out.printf(
        Locale.ROOT,
        "%s, %d blocks, %d images of %s%ntogether %.1f s, %.1f s of processors%n",
        graph.name(),
        graph.blocks().size(),
        count,
        graph.input().shape(),
        shared,
        sharedWork);
    if (both) {
      begin = System.nanoTime();
      worked = StepCost.worked();
      double difference = 0;
      for (int g = 0; g < graphs.size(); g++) {
        Graph each = graphs.get(g);
        Predictions alone = answers(each, List.of(each), train, heldOut, compute).get(0);
        difference = Math.max(difference, alone.maxAbsDifference(together.get(g)));
      }
      double apart = (System.nanoTime() - begin) / 1e9;
      double apartWork = StepCost.worked() - worked;
      System.out.printf(
          Locale.ROOT,
          "each alone %.1f s, %.1f s of processors, %.2f times as much; largest difference of an"
              + " answer %s%n",
          apart,
          apartWork,
          apartWork / sharedWork,
          difference);
    }
  }

  private static List<Predictions> answers(
      Graph trunk,
      List<Graph> graphs,
      LabelledImages train,
      LabelledImages heldOut,
      Compute compute) {
    List<Graph> measured =
        BatchNormStatistics.reestimate(trunk, graphs, train, compute, Progress.SILENT);
    return VariantPredictions.of(measured.get(0), measured, heldOut, compute, Progress.SILENT);
  }
}

package shallows.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import shallows.data.DataOptions;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.data.PixelStatistics;
import shallows.data.sets.DataSets;
import shallows.model.graph.Graph;
import shallows.model.graph.Normalization;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.network.SurvivalSchedule;
import shallows.model.progress.Progress;
import shallows.train.loop.Safeguards;
import shallows.train.loop.Trainee;
import shallows.train.loop.Trainer;
import shallows.train.options.Batching;
import shallows.train.options.Compute;
import shallows.train.options.TrainingOptions;

/**
 * The training that {@code ./shallows train} does, all of it: embedded images with augmentation,
 * stochastic depth, statistics, events, history and checkpoints into a folder that goes afterwards.
 */
final class RealLoop {
  private static final int HELD_OUT = 500;
  private static final int SEED = 1;

  private RealLoop() {}

  /**
   * @param steps how many at least; whole epochs are trained
   * @param progress hears of each step
   */
  static void train(String network, int batch, long steps, int threads, Progress progress) {
    LabelledImages all =
        DataSets.open(DataSets.FASHION_MNIST_MINI, DataOptions.ofSeed(SEED), Progress.SILENT)
            .train();
    LabelledImages train = all.subset(IntStream.range(HELD_OUT, all.size()).toArray());
    LabelledImages heldOut = all.subset(IntStream.range(0, HELD_OUT).toArray());
    Normalization pixels = PixelStatistics.normalization(train);
    Graph graph =
        SurvivalSchedule.parse("linear:0.5")
            .applyTo(
                Networks.create(
                    network,
                    Shape.of(all.channels(), all.height(), all.width()),
                    new Task(all.classes(), pixels),
                    SEED));
    int epochs = Math.toIntExact(-Math.floorDiv(-steps, train.size() / batch));
    TrainingOptions options =
        TrainingOptions.standard(SEED).withBatching(Batching.inParts(batch)).withEpochs(epochs);
    Path folder = temporary();
    try {
      Trainer.train(
          Trainee.of(graph),
          new HeldOutSplit(train, heldOut),
          options,
          Compute.cpu(threads),
          folder,
          Safeguards.standard(),
          progress);
    } finally {
      delete(folder);
    }
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("bench");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> below = Files.walk(folder)) {
      for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

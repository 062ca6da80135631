package shallows.train.transfer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.model.graph.ClassifierHead;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.train.engine.Randomness;
import shallows.train.loop.Epoch;
import shallows.train.loop.History;
import shallows.train.loop.TrainingEnd;
import shallows.train.loop.TrainingPhase;
import shallows.train.options.Compute;

/**
 * Trains the classifier of a network alone. All before it stays as it is, so what it makes of an
 * image is computed once, for the image as it is and, where that is wanted, for its mirror image;
 * an epoch over these features takes a moment.
 *
 * <p>Of more images than {@value #LARGEST} bytes of features hold, that many are drawn: a linear
 * layer has learned from them what there is to learn, and all images are seen when everything is
 * trained.
 *
 * @param epochs at least 1
 * @param flips whether mirror images are learned from too
 * @param seed of the order
 */
public record ClassifierTraining(int epochs, boolean flips, long seed, Compute compute) {
  /** Of the training's features, in memory and in files. */
  static final long LARGEST = 128L << 20;

  /** Held-out images only tell how far the training is. */
  private static final int HELD_OUT_SHARE = 8;

  /**
   * What was trained.
   *
   * @param network with the classifier's new weights
   * @param features how many the classifier reads
   * @param history an entry for each epoch; the seconds of the first have the features in them
   */
  public record Trained(Graph network, int features, List<Epoch> history) {}

  /**
   * @param network ends in a {@code Linear} for the classes of the images, with a bias
   * @param folder where features are kept meanwhile; the caller removes it. Null for nowhere
   */
  public Trained train(Graph network, HeldOutSplit images, Path folder, Progress progress) {
    return train(network, images, folder, progress, LARGEST);
  }

  /**
   * @param largest bytes of features to learn from
   */
  Trained train(Graph network, HeldOutSplit images, Path folder, Progress progress, long largest) {
    long begin = System.nanoTime();
    ClassifierHead head = ClassifierHead.of(network);
    Graph features = head.features();
    int most = (int) Math.max(1, largest / Float.BYTES / features.classes());
    boolean both = flips && 2L * images.train().size() <= most;
    LabelledImages train = drawn(images.train(), most);
    LabelledImages heldOut = drawn(images.heldOut(), Math.max(1, most / HELD_OUT_SHARE));
    float[][] sample;
    float[][] unseen;
    progress.start("features", (both ? 2L : 1L) * train.size() + heldOut.size());
    try (Features computed = new Features(features, compute, folder, progress)) {
      sample = computed.of("train", train, false);
      if (both) {
        sample = joined(sample, computed.of("mirrored", train, true));
      }
      unseen = computed.of("held-out", heldOut, false);
    } finally {
      progress.finish();
    }
    int[] labels =
        IntStream.range(0, sample.length).map(i -> train.label(i % train.size())).toArray();
    ClassifierEpochs passes =
        new ClassifierEpochs(sample, labels, train.classes().size(), epochs, seed);
    List<Epoch> history = new ArrayList<>();
    progress.start("classifier", epochs);
    try {
      for (int epoch = 0; epoch < epochs; epoch++) {
        history.add(epoch(passes, epoch, unseen, heldOut.labels(), begin, network.blocks().size()));
        progress.report(History.figures(history.get(epoch), epochs, network.blocks().size()));
        progress.advance(1, "");
      }
    } finally {
      progress.finish();
    }
    Graph trained =
        network.withParameters(
            Map.of(
                head.parameters().get(0), passes.regression().weight(),
                head.parameters().get(1), passes.regression().bias()));
    return new Trained(trained, features.classes(), List.copyOf(history));
  }

  /**
   * @param begin of it all, as {@link System#nanoTime} has it
   */
  private static Epoch epoch(
      ClassifierEpochs passes, int epoch, float[][] unseen, int[] labels, long begin, int blocks) {
    long began = System.nanoTime();
    double[] seen = passes.run(epoch);
    double taken = Math.max(1e-9, (System.nanoTime() - began) / 1e9);
    double[] found = passes.regression().measured(unseen, labels);
    return new Epoch(
        epoch + 1,
        passes.steps(),
        passes.rate(epoch),
        seen[0],
        seen[1],
        found[0],
        found[1],
        blocks,
        passes.images() / taken,
        (System.nanoTime() - begin) / 1e9,
        0,
        0,
        TrainingPhase.CLASSIFIER,
        TrainingEnd.NO);
  }

  private LabelledImages drawn(LabelledImages images, int most) {
    if (images.size() <= most) {
      return images;
    }
    int[] some = Arrays.copyOf(Randomness.order(images.size(), seed, 0), most);
    Arrays.sort(some);
    return images.subset(some);
  }

  private static float[][] joined(float[][] one, float[][] other) {
    float[][] joined = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, joined, one.length, other.length);
    return joined;
  }
}

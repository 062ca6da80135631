package shallows.train;

import java.util.Arrays;
import java.util.Random;
import shallows.model.graph.Graph;
import shallows.model.images.Augmentation;
import shallows.model.images.LabelledImages;
import shallows.model.images.Normalization;

/** One mini-batch after another, in arrays that are used again. */
final class Batch {
  private final LabelledImages images;
  private final Normalization normalization;
  private final int classes;
  private int[] indices;
  private final float[] pixels;
  private final float[] targets;

  Batch(LabelledImages images, Graph graph, int size) {
    this.images = images;
    this.normalization = new Normalization(graph.task().mean(), graph.task().deviation());
    this.classes = graph.classes();
    this.pixels = new float[size * images.imageBytes()];
    this.targets = new float[size * classes];
  }

  /**
   * @param which the images of the batch, as many as its size
   */
  void load(int[] which, Augmentation augmentation, Random random) {
    indices = which;
    augmentation.fill(images, which, normalization, random, pixels);
    Arrays.fill(targets, 0);
    for (int i = 0; i < which.length; i++) {
      targets[i * classes + images.label(which[i])] = 1;
    }
  }

  int size() {
    return indices.length;
  }

  /** {@code (N, H, W, C)}, normalized. */
  float[] pixels() {
    return pixels;
  }

  /** {@code (N, classes)}, one where the label is. */
  float[] targets() {
    return targets;
  }

  /**
   * The mean of {@code lastLosses} over the images of this batch that were seen before; NaN if none
   * was. The few that an earlier epoch left out tell nothing, and must not hide what the others do.
   */
  float difficulty(float[] lastLosses) {
    double sum = 0;
    int seen = 0;
    for (int index : indices) {
      if (!Float.isNaN(lastLosses[index])) {
        sum += lastLosses[index];
        seen++;
      }
    }
    return (float) (sum / seen);
  }

  /**
   * Measures the answers to this batch: the loss of an image with logits z and label y is −log
   * softmax(z)_y.
   *
   * @param logits {@code (N, classes)}
   * @param lastLosses by image of the set; those of this batch are replaced
   */
  Outcome outcome(float[] logits, float[] lastLosses) {
    double sum = 0;
    int right = 0;
    for (int i = 0; i < indices.length; i++) {
      int label = images.label(indices[i]);
      int best = 0;
      for (int k = 1; k < classes; k++) {
        best = logits[i * classes + k] > logits[i * classes + best] ? k : best;
      }
      double exponentials = 0;
      for (int k = 0; k < classes; k++) {
        exponentials += Math.exp(logits[i * classes + k] - logits[i * classes + best]);
      }
      double loss =
          Math.log(exponentials) + logits[i * classes + best] - logits[i * classes + label];
      lastLosses[indices[i]] = (float) loss;
      sum += loss;
      right += best == label ? 1 : 0;
    }
    return new Outcome((float) (sum / indices.length), right);
  }

  /**
   * @param loss mean over the batch, in nats
   * @param right how many images got the class of their label
   */
  record Outcome(float loss, int right) {}
}

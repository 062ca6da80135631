package shallows.train;

import java.util.Arrays;
import java.util.Random;
import shallows.model.graph.Graph;
import shallows.model.images.Augmentation;
import shallows.model.images.LabelledImages;
import shallows.model.images.Normalization;
import shallows.train.options.Regularization;

/** One mini-batch after another, in arrays that are used again. */
final class Batch {
  private final LabelledImages images;
  private final Normalization normalization;
  private final int classes;
  private final Regularization regularization;
  private final Mixing mixing;
  private final TargetRule rule;
  private int[] indices;
  private final float[] pixels;
  private final float[] targets;

  /**
   * @param size images in every batch
   * @param rule has the last word on the targets
   */
  Batch(
      LabelledImages images,
      Graph graph,
      int size,
      Regularization regularization,
      TargetRule rule) {
    this.regularization = regularization;
    this.rule = rule;
    this.mixing =
        new Mixing(
            regularization, images.height(), images.width(), images.channels(), graph.classes());
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
    float smoothing = (float) regularization.labelSmoothing();
    Arrays.fill(targets, smoothing / classes);
    for (int i = 0; i < which.length; i++) {
      targets[i * classes + images.label(which[i])] += 1 - smoothing;
    }
    mixing.apply(pixels, targets, which.length, random);
    rule.apply(pixels, which.length, targets);
  }

  int size() {
    return indices.length;
  }

  /** {@code (N, H, W, C)}, normalized. */
  float[] pixels() {
    return pixels;
  }

  /** {@code (N, classes)}, a distribution for each image. */
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
   * Measures the answers to this batch: the loss of an image with logits z and targets t is −Σ_k
   * t_k·log softmax(z)_k, and its answer is right where z and t are largest in one place.
   *
   * @param logits {@code (N, classes)}
   * @param lastLosses by image of the set; those of this batch are replaced
   */
  Outcome outcome(float[] logits, float[] lastLosses) {
    double sum = 0;
    int right = 0;
    for (int i = 0; i < indices.length; i++) {
      int best = largest(logits, i);
      double exponentials = 0;
      for (int k = 0; k < classes; k++) {
        exponentials += Math.exp(logits[i * classes + k] - logits[i * classes + best]);
      }
      double logSum = Math.log(exponentials) + logits[i * classes + best];
      double loss = 0;
      for (int k = 0; k < classes; k++) {
        if (targets[i * classes + k] != 0) {
          loss += targets[i * classes + k] * (logSum - logits[i * classes + k]);
        }
      }
      lastLosses[indices[i]] = (float) loss;
      sum += loss;
      right += best == largest(targets, i) ? 1 : 0;
    }
    return new Outcome((float) (sum / indices.length), right);
  }

  /** Where in row {@code i} of {@code (N, classes)} the largest value is, the first of equals. */
  private int largest(float[] rows, int i) {
    int largest = 0;
    for (int k = 1; k < classes; k++) {
      largest = rows[i * classes + k] > rows[i * classes + largest] ? k : largest;
    }
    return largest;
  }

  /**
   * @param loss mean over the batch, in nats
   * @param right how many images got the class that they were trained towards most
   */
  record Outcome(float loss, int right) {}
}

package shallows.train.loop;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;
import shallows.data.Augmentation;
import shallows.data.LabelledImages;
import shallows.model.graph.Graph;
import shallows.model.graph.Normalization;
import shallows.train.options.Regularization;

/** One mini-batch after another, in arrays that are used again: pixels and what they stand for. */
final class Batch {
  private final LabelledImages images;
  private final Normalization normalization;
  private final int classes;
  private final Regularization regularization;
  private final Mixing mixing;
  private final float[] weights;
  private final TargetRule rule;
  private final float[] pixels;
  private final float[] targets;

  /**
   * @param size images in every batch
   * @param balance says what images count for
   * @param rule has the last word on what they are trained towards
   */
  Batch(
      LabelledImages images,
      Graph graph,
      int size,
      Regularization regularization,
      ClassBalance balance,
      TargetRule rule) {
    this.weights = balance.weights();
    this.regularization = regularization;
    this.rule = rule;
    this.mixing =
        new Mixing(
            regularization, images.height(), images.width(), images.channels(), graph.classes());
    this.images = images;
    this.normalization = graph.task().normalization();
    this.classes = graph.classes();
    this.pixels = new float[size * images.imageBytes()];
    this.targets = new float[size * classes];
  }

  /**
   * @param which the images of the batch, as many as its size
   * @param random of the batch
   * @param ofPlace of each of its images
   */
  void load(int[] which, Augmentation augmentation, Random random, IntFunction<Random> ofPlace) {
    augmentation.fill(images, which, normalization, random, ofPlace, pixels);
    float smoothing = (float) regularization.labelSmoothing();
    Arrays.fill(targets, smoothing / classes);
    for (int i = 0; i < which.length; i++) {
      targets[i * classes + images.label(which[i])] += 1 - smoothing;
    }
    mixing.apply(pixels, targets, which.length, random);
    rule.apply(pixels, which.length, targets);
    weigh(which.length);
  }

  /**
   * Multiplies the targets t of each image with Σ_k t_k·w_k, of which its loss is a multiple: for a
   * label the weight w of its class, for a mixture the mean of those in it.
   */
  private void weigh(int count) {
    for (int i = 0; i < count; i++) {
      double weight = 0;
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        weight += (double) targets[i * classes + k] * weights[k];
        sum += targets[i * classes + k];
      }
      // Where every class has 1, not a bit changes.
      float factor = (float) (weight / sum);
      for (int k = 0; k < classes; k++) {
        targets[i * classes + k] *= factor;
      }
    }
  }

  /** {@code (N, H, W, C)}, normalized. */
  float[] pixels() {
    return pixels;
  }

  /** {@code (N, classes)}, a distribution for each image, times what the image counts for. */
  float[] targets() {
    return targets;
  }
}

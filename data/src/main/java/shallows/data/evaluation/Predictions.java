package shallows.data.evaluation;

import java.util.Arrays;
import java.util.List;
import shallows.data.LabelledImages;
import shallows.model.graph.Normalization;
import shallows.model.graph.Task;
import shallows.model.progress.Progress;

/**
 * One score an image and class: logits, or the logarithms of probabilities.
 *
 * @param scores {@code (N, classes)}, N at least 1; not to be written to
 */
public record Predictions(float[][] scores) {
  /** Pixels of a batch, beyond which there are fewer images in it: 8 MB of floats. */
  private static final int LARGEST_BATCH = 2 << 20;

  public Predictions {
    if (scores.length == 0) {
      throw new IllegalArgumentException("predictions of no image");
    }
  }

  /**
   * Asks a classifier about every image of a set.
   *
   * @param batch how many images at a time; fewer where they are large
   */
  public static Predictions of(
      Classifier classifier, LabelledImages images, Task task, int batch, Progress progress) {
    Normalization normalization = task.normalization();
    float[][] scores = new float[images.size()][];
    int atOnce = Math.max(1, Math.min(batch, LARGEST_BATCH / images.imageBytes()));
    for (int from = 0; from < images.size(); from += atOnce) {
      int to = Math.min(from + atOnce, images.size());
      float[][] logits = classifier.logits(images.normalized(from, to, normalization), to - from);
      System.arraycopy(logits, 0, scores, from, to - from);
      progress.advance(to - from, "");
    }
    return new Predictions(scores);
  }

  /**
   * The ensemble of several members: the logarithm of the mean of their softmax outputs.
   *
   * @param members at least one, all over the same images
   */
  public static Predictions ensemble(List<Predictions> members) {
    float[][] mean = new float[members.get(0).size()][];
    for (int i = 0; i < mean.length; i++) {
      double[] sum = new double[members.get(0).scores[i].length];
      for (Predictions member : members) {
        double[] probabilities = member.probabilities(i);
        Arrays.setAll(sum, c -> sum[c] + probabilities[c]);
      }
      mean[i] = new float[sum.length];
      for (int c = 0; c < sum.length; c++) {
        mean[i][c] = (float) Math.log(sum[c] / members.size());
      }
    }
    return new Predictions(mean);
  }

  public int size() {
    return scores.length;
  }

  /** The class of the highest score; the first one of equals. */
  public int predicted(int image) {
    int best = 0;
    for (int c = 1; c < scores[image].length; c++) {
      if (scores[image][c] > scores[image][best]) {
        best = c;
      }
    }
    return best;
  }

  /** The softmax of an image's scores. */
  public double[] probabilities(int image) {
    float top = scores[image][predicted(image)];
    double[] exponentials = new double[scores[image].length];
    Arrays.setAll(exponentials, c -> Math.exp(scores[image][c] - top));
    double sum = Arrays.stream(exponentials).sum();
    Arrays.setAll(exponentials, c -> exponentials[c] / sum);
    return exponentials;
  }

  /** The probability of the predicted class, in [0, 1]; 0 where the scores are no numbers. */
  public double confidence(int image) {
    double probability = probabilities(image)[predicted(image)];
    return Double.isNaN(probability) ? 0 : probability;
  }

  /** Whether a score of an image is not a number, or infinitely large. */
  public boolean isBroken(int image) {
    for (float score : scores[image]) {
      if (!(score < Float.POSITIVE_INFINITY)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The share of images whose predicted class is the labelled one.
   *
   * @param truth the same images with their labels
   * @return in [0, 1]
   */
  public double accuracy(LabelledImages truth) {
    int count = 0;
    for (boolean right : right(truth)) {
      count += right ? 1 : 0;
    }
    return (double) count / scores.length;
  }

  /**
   * Of each image, whether its predicted class is the labelled one; no answer that {@link #isBroken
   * is none} is right.
   */
  public boolean[] right(LabelledImages truth) {
    requireSize(truth.size());
    boolean[] right = new boolean[scores.length];
    for (int i = 0; i < right.length; i++) {
      right[i] = predicted(i) == truth.label(i) && !isBroken(i);
    }
    return right;
  }

  /** The mean cross-entropy, in nats. */
  public double meanLoss(LabelledImages truth) {
    return Arrays.stream(losses(truth)).average().orElseThrow();
  }

  /** The cross-entropy of each image, in nats. */
  public double[] losses(LabelledImages truth) {
    requireSize(truth.size());
    double[] losses = new double[scores.length];
    for (int i = 0; i < losses.length; i++) {
      // A probability that rounds to zero would make one image's loss infinite.
      losses[i] = -Math.log(Math.max(probabilities(i)[truth.label(i)], Double.MIN_NORMAL));
    }
    return losses;
  }

  /**
   * The share of images on which both predict the same class.
   *
   * @return in [0, 1]
   */
  public double agreement(Predictions other) {
    return (double) agreed(other) / scores.length;
  }

  /** The number of these images. */
  public int agreed(Predictions other) {
    requireSize(other.size());
    int same = 0;
    for (int i = 0; i < scores.length; i++) {
      same += predicted(i) == other.predicted(i) ? 1 : 0;
    }
    return same;
  }

  /**
   * How much is lost by taking these predictions for those of {@code reference}: the mean over the
   * images of the Kullback-Leibler divergence of the softmax outputs,
   *
   * <pre>  KL(p || q) = Σ_c p_c (log p_c − log q_c)</pre>
   *
   * with p of the reference and q of these.
   *
   * @return in nats, at least 0; not a number where a score is not one
   */
  public double klDivergence(Predictions reference) {
    return sumOfDivergences(reference) / scores.length;
  }

  /** The sum over the images, likewise. */
  public double sumOfDivergences(Predictions reference) {
    requireSize(reference.size());
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      double[] expected = reference.logProbabilities(i);
      double[] found = logProbabilities(i);
      double divergence = 0;
      for (int c = 0; c < found.length; c++) {
        divergence += Math.exp(expected[c]) * (expected[c] - found[c]);
      }
      // Never negative but for rounding.
      sum += Math.max(0, divergence);
    }
    return sum;
  }

  /** The logarithm of the softmax: finite where the softmax itself rounds to zero. */
  private double[] logProbabilities(int image) {
    double top = scores[image][predicted(image)];
    double sum = 0;
    for (float score : scores[image]) {
      sum += Math.exp(score - top);
    }
    double normalizer = top + Math.log(sum);
    double[] logarithms = new double[scores[image].length];
    Arrays.setAll(logarithms, c -> scores[image][c] - normalizer);
    return logarithms;
  }

  /** The largest absolute difference of two scores; infinite where one is not a number. */
  public double maxAbsDifference(Predictions other) {
    requireSize(other.size());
    double largest = 0;
    for (int i = 0; i < scores.length; i++) {
      for (int c = 0; c < scores[i].length; c++) {
        double difference = Math.abs((double) scores[i][c] - other.scores[i][c]);
        largest =
            Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
      }
    }
    return largest;
  }

  /** The largest score less the smallest: what differences are measured against. */
  public double range() {
    return largest() - smallest();
  }

  /** Of all scores. */
  public double smallest() {
    double smallest = Double.POSITIVE_INFINITY;
    for (float[] row : scores) {
      for (float score : row) {
        smallest = Math.min(smallest, score);
      }
    }
    return smallest;
  }

  /** Of all scores. */
  public double largest() {
    double largest = Double.NEGATIVE_INFINITY;
    for (float[] row : scores) {
      for (float score : row) {
        largest = Math.max(largest, score);
      }
    }
    return largest;
  }

  /** The first {@code count} images. */
  public Predictions first(int count) {
    return new Predictions(Arrays.copyOf(scores, count));
  }

  /** Those for what {@link LabelledImages#evenly} takes. */
  public Predictions evenly(int most) {
    return subset(LabelledImages.evenly(most, size()));
  }

  /** Those for what {@link LabelledImages#subset(int[])} takes. */
  public Predictions subset(int[] images) {
    return new Predictions(
        Arrays.stream(images).mapToObj(image -> scores[image]).toArray(float[][]::new));
  }

  private void requireSize(int size) {
    if (size != scores.length) {
      throw new IllegalArgumentException(
          "expected the same images, found " + scores.length + " and " + size);
    }
  }
}

package shallows.train.transfer;

import java.util.Arrays;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * Multinomial logistic regression: from features f {@code (F)} to logits z {@code (O)},
 *
 * <pre>
 *   z = W·x + b,  x_j = (f_j − μ_j) / (σ_j·√F')
 * </pre>
 *
 * with μ and σ the mean and deviation of each feature over the images it is trained on, and F' the
 * number of features that vary; one that does not is left out. So the mean of |x|² is 1 whatever
 * the scale and the number of features, the curvature of the loss is at most ½ in any direction,
 * and one learning rate suits all networks. What the training has found is a layer on the features
 * as they are, W_j / (σ_j·√F') and b − Σ_j W_j·μ_j / (σ_j·√F').
 *
 * <p>All of it is plain Java in one order: the same features give the same bits on every machine.
 */
final class SoftmaxRegression {
  /** Nesterov momentum. */
  private static final float MOMENTUM = 0.9f;

  /** λ of the L2 term; of W alone. */
  private static final float WEIGHT_DECAY = 1e-4f;

  /** Of the largest deviation: less is rounding, not a feature. */
  private static final double CONSTANT = 1e-5;

  private final int features;
  private final int classes;
  private final float[] mean;
  private final float[] factor;
  private final float[] weights;
  private final float[] bias;
  private final float[] velocity;
  private final float[] gradient;

  /** A regression of zeros, scaled by these features {@code (N, F)}. */
  SoftmaxRegression(float[][] sample, int classes) {
    this.features = sample[0].length;
    this.classes = classes;
    mean = new float[features];
    factor = new float[features];
    weights = new float[classes * features];
    bias = new float[classes];
    velocity = new float[weights.length + classes];
    gradient = new float[velocity.length];
    measure(sample);
  }

  private void measure(float[][] sample) {
    double[] sum = new double[features];
    double[] squares = new double[features];
    for (float[] row : sample) {
      for (int j = 0; j < features; j++) {
        sum[j] += row[j];
      }
    }
    for (int j = 0; j < features; j++) {
      mean[j] = (float) (sum[j] / sample.length);
    }
    for (float[] row : sample) {
      for (int j = 0; j < features; j++) {
        double off = row[j] - mean[j];
        squares[j] += off * off;
      }
    }
    double largest = Math.sqrt(Arrays.stream(squares).max().orElse(0) / sample.length);
    int varying = 0;
    for (double square : squares) {
      varying += Math.sqrt(square / sample.length) > CONSTANT * largest ? 1 : 0;
    }
    for (int j = 0; j < features; j++) {
      double deviation = Math.sqrt(squares[j] / sample.length);
      factor[j] =
          deviation > CONSTANT * largest ? (float) (1 / (deviation * Math.sqrt(varying))) : 0;
    }
  }

  /**
   * One step of gradient descent.
   *
   * @param sample {@code (N, F)}
   * @param labels of them
   * @param rows of the sample that this step is over
   * @return the sum of their losses in nats, and how many of them were right, before the step
   */
  double[] step(float[][] sample, int[] labels, int[] rows, double learningRate) {
    Arrays.fill(gradient, 0);
    double loss = 0;
    double right = 0;
    float[] x = new float[features];
    for (int row : rows) {
      scale(sample[row], x);
      double[] probabilities = softmax(logits(x));
      loss -= StrictMath.log(Math.max(probabilities[labels[row]], Double.MIN_NORMAL));
      right += largest(probabilities) == labels[row] ? 1 : 0;
      probabilities[labels[row]] -= 1;
      for (int k = 0; k < classes; k++) {
        float slope = (float) (probabilities[k] / rows.length);
        int at = k * features;
        for (int j = 0; j < features; j++) {
          gradient[at + j] += slope * x[j];
        }
        gradient[weights.length + k] += slope;
      }
    }
    float rate = (float) learningRate;
    for (int i = 0; i < weights.length; i++) {
      weights[i] -= rate * move(i, gradient[i] + WEIGHT_DECAY * weights[i]);
    }
    for (int k = 0; k < classes; k++) {
      bias[k] -= rate * move(weights.length + k, gradient[weights.length + k]);
    }
    return new double[] {loss, right};
  }

  /** d + μ·v with the new velocity v ← μ·v + d. */
  private float move(int i, float d) {
    velocity[i] = MOMENTUM * velocity[i] + d;
    return d + MOMENTUM * velocity[i];
  }

  /**
   * @return the mean loss over all of the sample in nats, and the share that is right
   */
  double[] measured(float[][] sample, int[] labels) {
    double loss = 0;
    double right = 0;
    float[] x = new float[features];
    for (int row = 0; row < sample.length; row++) {
      scale(sample[row], x);
      double[] probabilities = softmax(logits(x));
      loss -= StrictMath.log(Math.max(probabilities[labels[row]], Double.MIN_NORMAL));
      right += largest(probabilities) == labels[row] ? 1 : 0;
    }
    return new double[] {loss / sample.length, right / sample.length};
  }

  private void scale(float[] raw, float[] x) {
    for (int j = 0; j < features; j++) {
      x[j] = (raw[j] - mean[j]) * factor[j];
    }
  }

  private double[] logits(float[] x) {
    double[] logits = new double[classes];
    for (int k = 0; k < classes; k++) {
      double sum = bias[k];
      int at = k * features;
      for (int j = 0; j < features; j++) {
        sum += (double) weights[at + j] * x[j];
      }
      logits[k] = sum;
    }
    return logits;
  }

  /** In place; not Math.exp, whose last bit is the machine's. */
  private static double[] softmax(double[] logits) {
    double top = logits[largest(logits)];
    double sum = 0;
    for (int k = 0; k < logits.length; k++) {
      logits[k] = StrictMath.exp(logits[k] - top);
      sum += logits[k];
    }
    for (int k = 0; k < logits.length; k++) {
      logits[k] /= sum;
    }
    return logits;
  }

  private static int largest(double[] values) {
    int largest = 0;
    for (int k = 1; k < values.length; k++) {
      largest = values[k] > values[largest] ? k : largest;
    }
    return largest;
  }

  /** {@code (O, F)}, for the features as they are. */
  Tensor weight() {
    float[] raw = new float[weights.length];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = weights[i] * factor[i % features];
    }
    return new Tensor(Shape.of(classes, features), raw);
  }

  /** {@code (O)}, likewise. */
  Tensor bias() {
    float[] raw = new float[classes];
    for (int k = 0; k < classes; k++) {
      double sum = bias[k];
      for (int j = 0; j < features; j++) {
        sum -= (double) weights[k * features + j] * factor[j] * mean[j];
      }
      raw[k] = (float) sum;
    }
    return Tensor.vector(raw);
  }
}

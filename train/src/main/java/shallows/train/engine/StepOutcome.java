package shallows.train.engine;

/**
 * What came of a step of training, before its update.
 *
 * @param losses of each image, in nats: −Σ_k t_k·log softmax(z)_k for logits z and targets t
 * @param loss their mean
 * @param right how many images have z and t largest in one place, the first of equals
 */
public record StepOutcome(float[] losses, float loss, int right) {

  /**
   * Computes it: the loss is Σ_k t_k·(m + log Σ_j exp(z_j − m) − z_k) with the largest logit m; in
   * double precision behind the first difference, since the losses of images that are learned are
   * small differences of large numbers. {@link BatchPart} computes the same with torch.
   *
   * @param logits {@code (N, classes)}
   * @param targets likewise
   * @param count N
   */
  static StepOutcome of(float[] logits, float[] targets, int count, int classes) {
    float[] losses = new float[count];
    double sum = 0;
    int right = 0;
    for (int i = 0; i < count; i++) {
      int row = i * classes;
      int best = largest(logits, row, classes);
      double exponentials = 0;
      for (int k = 0; k < classes; k++) {
        exponentials += Math.exp(logits[row + k] - logits[row + best]);
      }
      double logSum = Math.log(exponentials) + logits[row + best];
      double loss = 0;
      for (int k = 0; k < classes; k++) {
        if (targets[row + k] != 0) {
          loss += targets[row + k] * (logSum - logits[row + k]);
        }
      }
      losses[i] = (float) loss;
      sum += loss;
      right += best == largest(targets, row, classes) ? 1 : 0;
    }
    return new StepOutcome(losses, (float) (sum / count), right);
  }

  /** Where in a row the largest value is, the first of equals. */
  private static int largest(float[] rows, int row, int classes) {
    int largest = 0;
    for (int k = 1; k < classes; k++) {
      largest = rows[row + k] > rows[row + largest] ? k : largest;
    }
    return largest;
  }
}

package shallows.train.transfer;

import java.util.Arrays;
import shallows.train.engine.Randomness;
import shallows.train.options.Schedule;

/** Passes over features that train a {@link SoftmaxRegression}; each a function of its number. */
final class ClassifierEpochs {
  private static final int BATCH = 32;

  /**
   * Curvature is at most ½, and with momentum 0.9 rates up to 2.7 over the curvature are stable.
   */
  private static final Schedule SCHEDULE = Schedule.cosine(2, 0.05);

  private final float[][] features;
  private final int[] labels;
  private final int epochs;
  private final long seed;
  private final int batch;
  private final SoftmaxRegression regression;

  /**
   * @param features {@code (N, F)}
   * @param labels {@code (N)}
   * @param epochs that there will be
   */
  ClassifierEpochs(float[][] features, int[] labels, int classes, int epochs, long seed) {
    this.features = features;
    this.labels = labels;
    this.epochs = epochs;
    this.seed = seed;
    batch = Math.min(BATCH, features.length);
    regression = new SoftmaxRegression(features, classes);
  }

  SoftmaxRegression regression() {
    return regression;
  }

  /** Seen in an epoch. */
  int images() {
    return steps() * batch;
  }

  /** Steps of an epoch: as many whole batches as fit. */
  int steps() {
    return features.length / batch;
  }

  /** The learning rate of the last step of an epoch, from 0. */
  double rate(int epoch) {
    return SCHEDULE.at((epoch + 1L) * steps() - 1, (long) epochs * steps());
  }

  /**
   * @param epoch from 0
   * @return mean loss in nats and accuracy over its steps, each before the step
   */
  double[] run(int epoch) {
    int[] order = Randomness.order(features.length, seed, epoch);
    double loss = 0;
    double right = 0;
    for (int step = 0; step < steps(); step++) {
      int[] rows = Arrays.copyOfRange(order, step * batch, (step + 1) * batch);
      double rate = SCHEDULE.at((long) epoch * steps() + step, (long) epochs * steps());
      double[] outcome = regression.step(features, labels, rows, rate);
      loss += outcome[0];
      right += outcome[1];
    }
    return new double[] {loss / images(), right / images()};
  }
}

package shallows.export.verify;

import java.util.Arrays;
import shallows.data.evaluation.Classifier;
import shallows.model.Expect;

/**
 * How long one image takes, in ms, with the copying in and out that every caller pays.
 *
 * @param median of the runs
 * @param p90 what nine of ten runs stay within
 */
public record Latency(double median, double p90) {
  public Latency {
    Expect.notNegative("median", median);
    Expect.notNegative("p90", p90);
  }

  private static final double NANOSECONDS_PER_MILLISECOND = 1e6;

  /**
   * @param image {@code (1, H, W, C)}; where the file wants the channels first, turning them counts
   * @param warmUps runs that are not counted, since caches and clocks are cold
   * @param runs at least 1
   */
  public static Latency of(Classifier classifier, float[] image, int warmUps, int runs) {
    for (int i = 0; i < warmUps; i++) {
      classifier.logits(image, 1);
    }
    double[] times = new double[runs];
    for (int i = 0; i < runs; i++) {
      long start = System.nanoTime();
      classifier.logits(image, 1);
      times[i] = (System.nanoTime() - start) / NANOSECONDS_PER_MILLISECOND;
    }
    return ofTimes(times);
  }

  /**
   * @param times in ms, at least one; sorted here
   */
  static Latency ofTimes(double[] times) {
    Arrays.sort(times);
    double median = (times[(times.length - 1) / 2] + times[times.length / 2]) / 2;
    return new Latency(median, times[(int) Math.ceil(0.9 * times.length) - 1]);
  }
}

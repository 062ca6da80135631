package shallows.demo;

import java.util.Arrays;
import java.util.Locale;

/** Median milliseconds of a model at batch 1. */
final class Benchmark {
  private static final int WARM_UP = 5;
  private static final int RUNS = 50;
  private static final int MOST_THREADS = 4;

  private Benchmark() {}

  /**
   * @param device what it was measured on, for whoever the table is sent to
   */
  static String table(ModelBundle bundle, String device) throws DamagedBundle {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s on %s, median ms of %d runs at batch 1%n%-16s %9s",
            bundle.name(),
            device,
            RUNS,
            "model",
            "bytes"));
    for (int threads = 1; threads <= MOST_THREADS; threads++) {
      text.append(String.format(Locale.ROOT, " %7s", threads + " thr."));
    }
    for (ModelBundle.Model file : bundle.models()) {
      text.append(String.format(Locale.ROOT, "%n%-16s %9d", file.title(), file.bytes()));
      for (int threads = 1; threads <= MOST_THREADS; threads++) {
        text.append(String.format(Locale.ROOT, " %7.2f", median(bundle, file, threads)));
      }
    }
    return text.append(String.format("%n")).toString();
  }

  private static double median(ModelBundle bundle, ModelBundle.Model file, int threads)
      throws DamagedBundle {
    NetworkInput input = bundle.input();
    float[] image = new float[input.channels() * input.height() * input.width()];
    double[] times = new double[RUNS];
    try (LiteModel model = new LiteModel(bundle, file, threads)) {
      for (int i = -WARM_UP; i < RUNS; i++) {
        long begin = System.nanoTime();
        model.logits(image);
        if (i >= 0) {
          times[i] = (System.nanoTime() - begin) / 1e6;
        }
      }
    }
    Arrays.sort(times);
    return times[RUNS / 2];
  }
}

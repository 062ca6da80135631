package shallows.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Median milliseconds of every model at batch 1, with 1 to 4 threads. */
final class Benchmark {
  private static final int WARM_UP = 5;
  static final int MOST_THREADS = 4;

  private final ModelBundle bundle;
  private final boolean nnapi;
  private final String device;
  private final int runs;
  private final AtomicBoolean cancelled;

  /**
   * @param device what it is measured on, for whoever the table is sent to
   * @param runs of each model and number of threads
   * @param cancelled asked before every run
   */
  Benchmark(OpenBundle open, String device, int runs, AtomicBoolean cancelled) {
    this.bundle = open.bundle();
    this.nnapi = open.isOnNnapi();
    this.device = nnapi ? device + " with NNAPI" : device;
    this.runs = runs;
    this.cancelled = cancelled;
  }

  /**
   * @param progress gets the table as far as it is, after every figure
   */
  void measure(Consumer<String> progress) throws DamagedBundle {
    List<List<Double>> rows = new ArrayList<>();
    for (ModelBundle.Model file : bundle.models()) {
      List<Double> row = new ArrayList<>();
      rows.add(row);
      for (int threads = 1; threads <= MOST_THREADS && !cancelled.get(); threads++) {
        row.add(median(file, threads));
        progress.accept(table(rows));
      }
    }
  }

  private String table(List<List<Double>> rows) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s on %s%nmedian ms of %d runs at batch 1%n%-13s %7s",
            bundle.name(),
            device,
            runs,
            "threads",
            "kB"));
    for (int threads = 1; threads <= MOST_THREADS; threads++) {
      text.append(String.format(Locale.ROOT, " %6d", threads));
    }
    for (int i = 0; i < rows.size(); i++) {
      ModelBundle.Model file = bundle.models().get(i);
      text.append(String.format(Locale.ROOT, "%n%-13s %7.1f", file.title(), file.bytes() / 1000.0));
      for (double milliseconds : rows.get(i)) {
        text.append(String.format(Locale.ROOT, " %6.2f", milliseconds));
      }
    }
    return text.append('\n').toString();
  }

  private double median(ModelBundle.Model file, int threads) throws DamagedBundle {
    NetworkInput input = bundle.input();
    float[] image = new float[input.channels() * input.height() * input.width()];
    double[] times = new double[runs];
    try (LiteModel model = new LiteModel(bundle, file, threads, nnapi)) {
      for (int i = -WARM_UP; i < runs && !cancelled.get(); i++) {
        long begin = System.nanoTime();
        model.logits(image);
        if (i >= 0) {
          times[i] = (System.nanoTime() - begin) / 1e6;
        }
      }
    }
    Arrays.sort(times);
    return (times[(runs - 1) / 2] + times[runs / 2]) / 2;
  }
}

package shallows.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import shallows.export.runtime.ModelFile;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.runtime.TfliteClassifier;

/**
 * How long one image takes in several model files, run in turn, so that a neighbour slows all
 * alike.
 *
 * <p>Arguments: the number of threads, then the files; times are compared with the first. All take
 * images of one size.
 */
public final class TfliteLatency {
  private static final int WARM_UPS = 50;
  private static final int ROUNDS = 400;
  private static final double NANOSECONDS_PER_MICROSECOND = 1e3;

  private TfliteLatency() {}

  public static void main(String[] arguments) {
    int threads = Arguments.number(arguments, 0, 1);
    List<RuntimeClassifier> files = new ArrayList<>();
    for (int i = 1; i < arguments.length; i++) {
      Path file = Path.of(arguments[i]);
      files.add(
          ModelFile.isOnnx(file)
              ? OnnxRuntimeClassifier.open(file, threads)
              : TfliteClassifier.open(file, threads));
    }
    double[][] times = times(files);
    System.out.println("file  bytes  median us  10th percentile us  ratio of medians  of 10th");
    Spread first = Spread.of(times[0]);
    for (int i = 0; i < files.size(); i++) {
      Spread spread = Spread.of(times[i]);
      System.out.printf(
          Locale.ROOT,
          "%s  %d  %.1f  %.1f  %.3f  %.3f%n",
          arguments[i + 1],
          Path.of(arguments[i + 1]).toFile().length(),
          spread.median(),
          spread.low(),
          spread.median() / first.median(),
          spread.low() / first.low());
      files.get(i).close();
    }
  }

  private static double[][] times(List<RuntimeClassifier> files) {
    double[][] times = new double[files.size()][ROUNDS];
    float[] image = new float[files.get(0).image().size()];
    for (int round = -WARM_UPS; round < ROUNDS; round++) {
      for (int i = 0; i < files.size(); i++) {
        long start = System.nanoTime();
        files.get(i).logits(image, 1);
        if (round >= 0) {
          times[i][round] = (System.nanoTime() - start) / NANOSECONDS_PER_MICROSECOND;
        }
      }
    }
    return times;
  }
}

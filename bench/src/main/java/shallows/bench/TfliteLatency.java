package shallows.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import shallows.export.runtime.ModelFile;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.runtime.TfliteClassifier;
import shallows.export.unpack.UnpackedTflite;

/**
 * How long one image takes in several model files, run in turn, so that a neighbour slows all
 * alike. A TFLite file with filters of one bit is there twice, as it is and unpacked.
 *
 * <p>Arguments: the number of threads, then the files; times are compared with the first. All take
 * images of one size.
 */
public final class TfliteLatency {
  private static final int WARM_UPS = 50;
  private static final int ROUNDS = 400;
  private static final double NANOSECONDS_PER_MICROSECOND = 1e3;

  private static final long MOST_BYTES = 1L << 30;

  private record Measured(String name, int bytes, RuntimeClassifier classifier) {}

  private TfliteLatency() {}

  public static void main(String[] arguments) throws IOException {
    int threads = Arguments.number(arguments, 0, 1);
    List<Measured> files = new ArrayList<>();
    for (int i = 1; i < arguments.length; i++) {
      Path file = Path.of(arguments[i]);
      byte[] content = Files.readAllBytes(file);
      if (ModelFile.isOnnx(file)) {
        files.add(
            new Measured(arguments[i], content.length, OnnxRuntimeClassifier.open(file, threads)));
        continue;
      }
      byte[] unpacked = UnpackedTflite.of(content, MOST_BYTES);
      files.add(tflite(arguments[i], content, threads));
      if (unpacked != content) {
        files.add(tflite(arguments[i] + ", unpacked", unpacked, threads));
      }
    }
    double[][] times = times(files);
    System.out.println("file  bytes  median us  10th percentile us  ratio of medians  of 10th");
    Spread first = Spread.of(times[0]);
    for (int i = 0; i < times.length; i++) {
      Spread spread = Spread.of(times[i]);
      System.out.printf(
          Locale.ROOT,
          "%s  %d  %.1f  %.1f  %.3f  %.3f%n",
          files.get(i).name(),
          files.get(i).bytes(),
          spread.median(),
          spread.low(),
          spread.median() / first.median(),
          spread.low() / first.low());
      files.get(i).classifier().close();
    }
  }

  private static Measured tflite(String name, byte[] content, int threads) {
    return new Measured(name, content.length, TfliteClassifier.open(content, name, threads));
  }

  private static double[][] times(List<Measured> files) {
    double[][] times = new double[files.size()][ROUNDS];
    float[] image = new float[files.get(0).classifier().image().size()];
    for (int round = -WARM_UPS; round < ROUNDS; round++) {
      for (int i = 0; i < files.size(); i++) {
        long start = System.nanoTime();
        files.get(i).classifier().logits(image, 1);
        if (round >= 0) {
          times[i][round] = (System.nanoTime() - start) / NANOSECONDS_PER_MICROSECOND;
        }
      }
    }
    return times;
  }
}

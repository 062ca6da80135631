package shallows.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import shallows.export.runtime.ModelFile;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.runtime.TfliteClassifier;
import shallows.export.unpack.UnpackedTflite;

/**
 * How long a file takes for one image.
 *
 * @param file its name, with {@value #UNPACKED} behind it where its filters were unpacked before
 * @param bytes of what was opened
 * @param microseconds for an image
 * @param ofFirst how many times as long as the first file took right before or after
 */
record FileLatency(String file, int bytes, Quartiles microseconds, Quartiles ofFirst) {
  static final String UNPACKED = ", unpacked";

  private static final int WARM_UPS = 50;
  private static final int ROUNDS = 400;
  private static final double NANOSECONDS_PER_MICROSECOND = 1e3;
  private static final long MOST_BYTES = 1L << 30;

  private record Opened(String name, int bytes, RuntimeClassifier classifier) {}

  /**
   * Runs files in turn, so that a neighbour slows all alike. A TFLite file with filters of one bit
   * is there twice, as it is and unpacked.
   *
   * @param files that take images of one size
   * @param threads that a runtime may use
   */
  static List<FileLatency> inTurn(List<Path> files, int threads) throws IOException {
    List<Opened> opened = new ArrayList<>();
    for (Path file : files) {
      String name = file.getFileName().toString();
      byte[] content = Files.readAllBytes(file);
      if (ModelFile.isOnnx(file)) {
        opened.add(new Opened(name, content.length, OnnxRuntimeClassifier.open(file, threads)));
        continue;
      }
      byte[] unpacked = UnpackedTflite.of(content, MOST_BYTES);
      opened.add(tflite(name, content, threads));
      if (unpacked != content) {
        opened.add(tflite(name + UNPACKED, unpacked, threads));
      }
    }
    double[][] times = times(opened);
    List<FileLatency> latencies = new ArrayList<>();
    for (int i = 0; i < times.length; i++) {
      double[] ratios = new double[ROUNDS];
      int file = i;
      Arrays.setAll(ratios, round -> times[file][round] / times[0][round]);
      opened.get(i).classifier().close();
      latencies.add(
          new FileLatency(
              opened.get(i).name(),
              opened.get(i).bytes(),
              Quartiles.of(times[i]),
              Quartiles.of(ratios)));
    }
    return latencies;
  }

  private static Opened tflite(String name, byte[] content, int threads) {
    return new Opened(name, content.length, TfliteClassifier.open(content, name, threads));
  }

  private static double[][] times(List<Opened> files) {
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

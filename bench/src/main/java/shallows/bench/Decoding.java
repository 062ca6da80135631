package shallows.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import shallows.data.decode.ImageDecoder;
import shallows.data.folder.PictureSearch;

/**
 * How long pictures take to become images of 224x224, on one thread: the median over the rounds of
 * the time for all pictures of a folder, and the heap that is in use at the end.
 */
final class Decoding {
  private static final int SIDE = 224;
  private static final int ROUNDS = 7;

  private Decoding() {}

  public static void main(String[] arguments) {
    if (arguments.length != 1) {
      System.err.println("bench/run Decoding FOLDER, of pictures");
      System.exit(2);
    }
    List<Path> pictures = new PictureSearch().in(Path.of(arguments[0]));
    double[] seconds = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (Path picture : pictures) {
        ImageDecoder.decode(picture, 3, SIDE, SIDE);
      }
      seconds[round] = (System.nanoTime() - start) / 1e9;
    }
    Arrays.sort(seconds);
    Runtime runtime = Runtime.getRuntime();
    System.out.printf(
        Locale.ROOT,
        "%d pictures: %.1f ms each (median of %d rounds, %.1f to %.1f), heap %d MB%n",
        pictures.size(),
        1000 * seconds[ROUNDS / 2] / pictures.size(),
        ROUNDS,
        1000 * seconds[0] / pictures.size(),
        1000 * seconds[ROUNDS - 1] / pictures.size(),
        (runtime.totalMemory() - runtime.freeMemory()) >> 20);
  }
}

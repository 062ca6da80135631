package shallows.train.options;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;

/**
 * Where and how wide to compute.
 *
 * @param device {@code auto} (the first GPU if the LibTorch that {@code PYTORCH_LIBRARY_PATH} names
 *     sees one, else the processor), {@code cpu}, {@code cuda:N}, or several GPUs as {@code
 *     cuda:0,cuda:1}: a training shares each batch among them, everything else runs on the first
 * @param threads how many threads compute side by side; 0 for as many as there are processors. No
 *     result depends on it, except where a batch is trained without parts (see {@link
 *     shallows.train.options.Batching})
 * @param reproducible whether results must be the same bytes on every x86-64 processor with AVX2;
 *     it takes the processor, not a GPU, and must be asked for before anything else is computed in
 *     the process. Slower on processors that have more than AVX2
 * @param downloadTorch whether DJL may download a LibTorch for GPUs (2.5 GB, once, from its makers'
 *     server into its cache), where a GPU is asked for by number and none is found on this machine
 */
public record Compute(String device, int threads, boolean reproducible, boolean downloadTorch)
    implements Serializable {
  private static final long serialVersionUID = 1;
  private static final String CUDA = "cuda:";

  public Compute {
    if (!device.matches("auto|cpu|cuda:\\d{1,3}(,cuda:\\d{1,3})*")) {
      throw new IllegalArgumentException(
          "device must be auto, cpu, cuda:N or several as cuda:0,cuda:1, was '" + device + "'");
    }
    List<Integer> gpus = gpus(device);
    if (gpus.stream().distinct().count() < gpus.size()) {
      throw new IllegalArgumentException("device must name each GPU once, was '" + device + "'");
    }
    if (reproducible && !gpus.isEmpty()) {
      throw new IllegalArgumentException(
          "device must be cpu or auto where results are to be reproducible, was '" + device + "'");
    }
    if (threads < 0) {
      throw new IllegalArgumentException("threads must be at least 0, was " + threads);
    }
  }

  /** The processor alone. */
  public static Compute cpu(int threads) {
    return new Compute("cpu", threads, false, false);
  }

  /**
   * What a person asked for.
   *
   * @throws BadInputException for a device that is not one of these forms, or fewer than 0 threads.
   *     Whether a GPU is there shows only when it is used: starting the engine takes a second.
   */
  public static Compute parse(String device, int threads) {
    try {
      return new Compute(device, threads, false, false);
    } catch (IllegalArgumentException e) {
      throw BadInputException.of(
          Phrase.of("%s/%s", Setting.DEVICE, Setting.THREADS),
          e.getMessage(),
          "leave it out for the best one here",
          e);
    }
  }

  /**
   * The same, with results that are or are not the same on other processors.
   *
   * @throws BadInputException on a GPU
   */
  public Compute withReproducible(boolean other) {
    try {
      return new Compute(device, threads, other, downloadTorch);
    } catch (IllegalArgumentException e) {
      throw BadInputException.of(
          Phrase.of("%s with %s", Setting.DEVICE, Setting.REPRODUCIBLE),
          e.getMessage(),
          "leave one of them out",
          e);
    }
  }

  /** The same, where LibTorch may or may not be downloaded. */
  public Compute withDownloadTorch(boolean other) {
    return new Compute(device, threads, reproducible, other);
  }

  /** How many threads these are, at least 1. */
  public int processors() {
    return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
  }

  public boolean isAuto() {
    return device.equals("auto");
  }

  /** The numbers of the GPUs asked for by number; empty for {@code auto} and {@code cpu}. */
  public List<Integer> gpus() {
    return gpus(device);
  }

  private static List<Integer> gpus(String device) {
    return device.startsWith(CUDA)
        ? Arrays.stream(device.split(","))
            .map(gpu -> Integer.valueOf(gpu.substring(CUDA.length())))
            .toList()
        : List.of();
  }
}

package shallows.train;

import shallows.model.BadInputException;

/**
 * Where and how wide to compute.
 *
 * @param device {@code auto} (the first GPU if there is one, else the processor), {@code cpu} or
 *     {@code cuda:N}
 * @param threads how many threads compute side by side; 0 for as many as there are processors. No
 *     result depends on it, except where a batch is trained without parts (see {@link
 *     shallows.train.options.Batching})
 */
public record Compute(String device, int threads) {
  private static final String CUDA = "cuda:";

  public Compute {
    if (!device.matches("auto|cpu|cuda:\\d{1,3}")) {
      throw new IllegalArgumentException(
          "device must be auto, cpu or cuda:N, was '" + device + "'");
    }
    if (threads < 0) {
      throw new IllegalArgumentException("threads must be at least 0, was " + threads);
    }
  }

  /** The first GPU if there is one, and all processors. */
  public static Compute auto() {
    return new Compute("auto", 0);
  }

  /** The processor alone. */
  public static Compute cpu(int threads) {
    return new Compute("cpu", threads);
  }

  /**
   * What a person asked for.
   *
   * @throws BadInputException for a device that is not one of the three forms, or fewer than 0
   *     threads. Whether a GPU is there shows only when it is used: starting the engine takes a
   *     second.
   */
  public static Compute parse(String device, int threads) {
    try {
      return new Compute(device, threads);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          "--device/--threads: " + e.getMessage() + "; leave it out for the best one here", e);
    }
  }

  /** How many threads these are, at least 1. */
  public int processors() {
    return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
  }

  public boolean isAuto() {
    return device.equals("auto");
  }

  /** The number of the GPU asked for, or -1 where none is. */
  public int gpu() {
    return device.startsWith(CUDA) ? Integer.parseInt(device.substring(CUDA.length())) : -1;
  }
}

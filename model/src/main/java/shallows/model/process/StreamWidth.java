package shallows.model.process;

/**
 * How many threads the parallel streams of this process compute with: they share one pool of
 * Java's, which has a thread for each processor unless it is told otherwise before it first
 * computes.
 */
public final class StreamWidth {
  private static final String POOL = "java.util.concurrent.ForkJoinPool.common.parallelism";

  private StreamWidth() {}

  /**
   * Has them take so many, unless somebody has said how many, or one has computed.
   *
   * @param threads at least 1
   */
  public static void limit(int threads) {
    if (System.getProperty(POOL) == null) {
      System.setProperty(POOL, others(threads));
    }
  }

  /**
   * The same for a process that is still to be begun.
   *
   * @param threads at least 1
   * @return an option for its Java
   */
  public static String option(int threads) {
    return "-D" + POOL + "=" + others(threads);
  }

  /** Whoever asks a stream for something computes too. */
  private static String others(int threads) {
    return String.valueOf(threads - 1);
  }
}

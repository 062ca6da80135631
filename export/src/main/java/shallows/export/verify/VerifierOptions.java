package shallows.export.verify;

/**
 * What verifying shall measure.
 *
 * @param maxDrop how many points (hundredths) of accuracy a file may lose against the full ensemble
 * @param members K, the sampled sub-networks of the Monte Carlo ensemble
 * @param seed of the sampling
 * @param threads for going through the test images
 * @param latencyThreads for measuring latency
 * @param warmUps runs before latency is measured
 * @param runs of which latency is the median and the 90th percentile
 * @param oracleImages how many of the first test images the interpreter looks at
 */
public record VerifierOptions(
    double maxDrop,
    int members,
    long seed,
    int threads,
    int latencyThreads,
    int warmUps,
    int runs,
    int oracleImages) {
  /** Images for the interpreter, where the network is small. */
  private static final int ORACLE_IMAGES = 200;

  /** And never fewer: outputs have a thousand numbers where networks are large. */
  private static final int FEWEST_ORACLE_IMAGES = 8;

  /** What the interpreter is asked to compute in all: a minute of one processor. */
  private static final long ORACLE_MACS = 40_000_000_000L;

  private static final int WARM_UPS = 20;
  private static final int RUNS = 200;

  /** And never fewer: their median is still that of many. */
  private static final int FEWEST_RUNS = 50;

  /** What the runs of a latency compute in all: some seconds of one processor. */
  private static final long LATENCY_MACS = 200_000_000_000L;

  public VerifierOptions {
    if (!(maxDrop >= 0 && maxDrop <= 100)) {
      throw new IllegalArgumentException("maxDrop must be in [0, 100] points, was " + maxDrop);
    }
    requirePositive("members", members);
    requirePositive("threads", threads);
    requirePositive("latencyThreads", latencyThreads);
    requirePositive("runs", runs);
    requirePositive("oracleImages", oracleImages);
    if (warmUps < 0) {
      throw new IllegalArgumentException("warmUps must not be negative, was " + warmUps);
    }
  }

  private static void requirePositive(String what, int number) {
    if (number < 1) {
      throw new IllegalArgumentException(what + " must be at least 1, was " + number);
    }
  }

  /** One point, 16 members, 200 runs on one thread after 20, 200 images for the interpreter. */
  public static VerifierOptions defaults(int threads) {
    return new VerifierOptions(1.0, 16, 0, threads, 1, WARM_UPS, RUNS, ORACLE_IMAGES);
  }

  /**
   * With as many images for the interpreter as it computes in about a minute, at most 200, and as
   * many runs for latency as take some seconds, 50 to 200 and a tenth of that before them.
   *
   * @param macs of the network, for one image
   */
  public VerifierOptions forNetworkOf(long macs) {
    int images = affordable(ORACLE_MACS, macs, FEWEST_ORACLE_IMAGES, ORACLE_IMAGES);
    int timed = affordable(LATENCY_MACS, macs, FEWEST_RUNS, RUNS);
    return new VerifierOptions(
        maxDrop, members, seed, threads, latencyThreads, timed * WARM_UPS / RUNS, timed, images);
  }

  private static int affordable(long all, long each, int fewest, int most) {
    return (int) Math.max(fewest, Math.min(most, all / Math.max(1, each)));
  }

  public VerifierOptions withMaxDrop(double points) {
    return new VerifierOptions(
        points, members, seed, threads, latencyThreads, warmUps, runs, oracleImages);
  }

  public VerifierOptions withSeed(long other) {
    return new VerifierOptions(
        maxDrop, members, other, threads, latencyThreads, warmUps, runs, oracleImages);
  }
}

package shallows.train.engine;

/**
 * How the host keeps step with the device. What comes of a training does not depend on it, but for
 * the last bit of a loss.
 *
 * @param steps how many are loaded together, at least 1
 * @param ahead whether the host goes on before it has seen what came of them. Then their outcomes
 *     are computed on the device, as {@link StepOutcome}s, and nothing else is copied back. If not,
 *     the logits are read and the outcomes computed from them: on a processor a copy costs nothing,
 *     and many small operations do
 */
public record Pace(int steps, boolean ahead) {
  /** A step has ended when it returns, and reading costs nothing: a processor's. */
  public static final Pace STEP_BY_STEP = new Pace(1, false);

  /** Enough for a wait to be rare, few enough for a person to see a training advance. */
  private static final int MOST = 8;

  /**
   * Bytes of images on their way to a GPU, which lie in the heap and once more beside it; where
   * they are larger, a step outlasts a wait by far.
   */
  private static final long LARGEST_COPY = 128L << 20;

  public Pace {
    if (steps < 1 || steps > 1 && !ahead) {
      throw new IllegalArgumentException(
          "steps must be 1, or more where the host runs ahead, was " + steps);
    }
  }

  /**
   * That of a GPU.
   *
   * @param bytes of a batch's images
   */
  static Pace ofGpu(long bytes) {
    return new Pace((int) Math.max(1, Math.min(MOST, LARGEST_COPY / bytes)), true);
  }
}

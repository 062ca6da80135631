package shallows.train.options;

import java.io.Serializable;
import shallows.model.Expect;
import shallows.model.Setting;

/**
 * How images are put together and computed.
 *
 * <p>Batch norm normalizes with the mean and variance of the images it sees at once. That is the
 * whole batch in the papers; or parts of it, each computed by a thread of its own (Hoffer et al.
 * 2017, "Train longer, generalize better", section 4, as "ghost batch norm"), which on a processor
 * is the faster way.
 *
 * @param batch images a step, at least 1
 * @param normalized images that batch norm sees at once, at least 2; {@link #WHOLE} for all of the
 *     batch
 * @param balance what makes up for classes that have few images
 * @param mixedPrecision whether they are computed with fewer bits than floats have
 */
public record Batching(int batch, int normalized, Balance balance, MixedPrecision mixedPrecision)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** More images a step than any memory holds. */
  private static final int MOST = 4096;

  /** Batch norm sees the whole batch. */
  public static final int WHOLE = 0;

  /** What is usual for parts: batch norm wants a few dozen images. */
  public static final int PART = 32;

  public Batching {
    Expect.require(batch >= 1 && batch <= MOST, Setting.BATCH, "1 to " + MOST, batch);
    Expect.require(
        normalized == WHOLE || normalized >= 2,
        Setting.BATCH_NORM,
        "at least 2 images, or 0 for the whole batch",
        normalized);
    Expect.present(Setting.BALANCE, balance);
    Expect.present(Setting.MIXED_PRECISION, mixedPrecision);
  }

  /** Batches of this size in parts of {@value #PART} images. */
  public static Batching inParts(int size) {
    return new Batching(size, PART, Balance.NONE, MixedPrecision.NONE);
  }

  /** Batches of this size, each normalized as a whole. */
  public static Batching whole(int size) {
    return new Batching(size, WHOLE, Balance.NONE, MixedPrecision.NONE);
  }

  public Batching withSize(int other) {
    return new Batching(other, normalized, balance, mixedPrecision);
  }

  public Batching withBalance(Balance other) {
    return new Batching(batch, normalized, other, mixedPrecision);
  }

  public Batching withMixedPrecision(MixedPrecision other) {
    return new Batching(batch, normalized, balance, other);
  }

  /**
   * @param count images of a batch, at least 1
   * @return in how many parts to compute it, at least 1
   */
  public int parts(int count) {
    return normalized == WHOLE ? 1 : Math.max(1, count / normalized);
  }
}

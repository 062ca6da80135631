package shallows.train.options;

import com.google.gson.annotations.SerializedName;
import java.io.Serializable;
import shallows.model.Expect;
import shallows.model.Setting;

/**
 * Stochastic gradient descent with Nesterov momentum.
 *
 * @param momentum μ, in [0, 1)
 * @param weightDecay λ, the factor of the L2 term added to the gradient, at least 0; every trained
 *     parameter decays, as in He et al. 2016 and Huang et al. 2016
 * @param offBlocks what becomes of a block in a step that left it out
 * @param largestNorm the gradient is scaled down to this Euclidean norm where it exceeds it, over
 *     all parameters together (Pascanu et al. 2013, "On the difficulty of training recurrent neural
 *     networks", algorithm 1); positive, or {@link #UNCLIPPED}
 */
public record Optimizer(
    double momentum, double weightDecay, OffBlocks offBlocks, double largestNorm)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** For {@code largestNorm}: gradients are taken as they are. */
  public static final double UNCLIPPED = 0;

  /** What becomes of a block's parameters in a step in which it was off. */
  public enum OffBlocks {
    /** Nothing: no gradient reached them, so they stay where they are. */
    @SerializedName("rest")
    REST,
    /**
     * What a gradient of zero does: they decay and go on by their velocity. The code of Huang et
     * al. 2016 does it, since its optimizer sees one flat array in which the gradient of a block
     * that was off is zero; so does PyTorch where gradients are set to zero and not to none.
     */
    @SerializedName("coast")
    COAST
  }

  public Optimizer {
    Expect.require(momentum >= 0 && momentum < 1, Setting.MOMENTUM, "0 to less than 1", momentum);
    Expect.notNegative(Setting.WEIGHT_DECAY, weightDecay);
    Expect.present("offBlocks", offBlocks);
    Expect.require(
        largestNorm >= 0 && Double.isFinite(largestNorm),
        Setting.CLIP_NORM,
        "a positive number, or 0 for none",
        largestNorm);
  }

  /** Blocks that are off rest, and no gradient is clipped. */
  public static Optimizer of(double momentum, double weightDecay) {
    return new Optimizer(momentum, weightDecay, OffBlocks.REST, UNCLIPPED);
  }

  public Optimizer withOffBlocks(OffBlocks other) {
    return new Optimizer(momentum, weightDecay, other, largestNorm);
  }

  public Optimizer withLargestNorm(double other) {
    return new Optimizer(momentum, weightDecay, offBlocks, other);
  }
}

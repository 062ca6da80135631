package shallows.train.options;

/**
 * Stochastic gradient descent with Nesterov momentum.
 *
 * @param momentum μ, in [0, 1)
 * @param weightDecay λ, the factor of the L2 term added to the gradient, at least 0
 * @param decayed which parameters the term is for
 * @param offBlocks what becomes of a block in a step that left it out
 * @param largestNorm the gradient is scaled down to this Euclidean norm where it exceeds it, over
 *     all parameters together (Pascanu et al. 2013, "On the difficulty of training recurrent neural
 *     networks", algorithm 1); positive, or {@link #UNCLIPPED}
 */
public record Optimizer(
    double momentum, double weightDecay, Decayed decayed, OffBlocks offBlocks, double largestNorm) {
  /** For {@code largestNorm}: gradients are taken as they are. */
  public static final double UNCLIPPED = 0;

  /** Which parameters decay. */
  public enum Decayed {
    /** Every trained parameter, as in He et al. 2016 and Huang et al. 2016. */
    EVERYTHING,
    /**
     * The weights of convolutions and linear layers; biases and batch norm's γ and β are left alone
     * (He et al. 2019, "Bag of tricks for image classification", section 3.1).
     */
    WEIGHTS
  }

  /** What becomes of a block's parameters in a step in which it was off. */
  public enum OffBlocks {
    /** Nothing: no gradient reached them, so they stay where they are. */
    REST,
    /**
     * What a gradient of zero does: they decay and go on by their velocity. The code of Huang et
     * al. 2016 does it, since its optimizer sees one flat array in which the gradient of a block
     * that was off is zero; so does PyTorch where gradients are set to zero and not to none.
     */
    COAST
  }

  public Optimizer {
    Require.that(momentum >= 0 && momentum < 1, "momentum must be in [0, 1)", momentum);
    Require.that(
        weightDecay >= 0 && Double.isFinite(weightDecay),
        "weightDecay must be at least 0",
        weightDecay);
    Require.that(
        largestNorm >= 0 && Double.isFinite(largestNorm),
        "largestNorm must be positive, or 0 for none",
        largestNorm);
  }

  /** Everything decays, blocks that are off rest, and no gradient is clipped. */
  public static Optimizer of(double momentum, double weightDecay) {
    return new Optimizer(momentum, weightDecay, Decayed.EVERYTHING, OffBlocks.REST, UNCLIPPED);
  }

  public Optimizer withOffBlocks(OffBlocks other) {
    return new Optimizer(momentum, weightDecay, decayed, other, largestNorm);
  }

  public Optimizer withLargestNorm(double other) {
    return new Optimizer(momentum, weightDecay, decayed, offBlocks, other);
  }
}

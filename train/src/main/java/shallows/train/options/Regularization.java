package shallows.train.options;

/**
 * What keeps a network from learning its training images by heart, besides stochastic depth, weight
 * decay and augmentation. All of it is off at 0.
 *
 * @param labelSmoothing ε: a label becomes (1 − ε)·one-hot + ε / classes (Szegedy et al. 2016,
 *     "Rethinking the Inception architecture", section 7); in [0, 1)
 * @param mixup α of mixup (Zhang et al. 2018), at least 0
 * @param cutmix α of CutMix (Yun et al. 2019), at least 0. With both, each pair of images takes one
 *     or the other, with a probability of a half
 */
public record Regularization(double labelSmoothing, double mixup, double cutmix) {
  public static final Regularization NONE = new Regularization(0, 0, 0);

  public Regularization {
    Require.that(
        labelSmoothing >= 0 && labelSmoothing < 1,
        "labelSmoothing must be in [0, 1)",
        labelSmoothing);
    Require.that(mixup >= 0 && Double.isFinite(mixup), "mixup must be at least 0", mixup);
    Require.that(cutmix >= 0 && Double.isFinite(cutmix), "cutmix must be at least 0", cutmix);
  }

  /** Whether images are put together from two. */
  public boolean mixes() {
    return mixup > 0 || cutmix > 0;
  }
}

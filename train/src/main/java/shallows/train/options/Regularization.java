package shallows.train.options;

import java.io.Serializable;
import shallows.model.Expect;
import shallows.model.Setting;

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
public record Regularization(double labelSmoothing, double mixup, double cutmix)
    implements Serializable {
  private static final long serialVersionUID = 1;
  public static final Regularization NONE = new Regularization(0, 0, 0);

  public Regularization {
    Expect.require(
        labelSmoothing >= 0 && labelSmoothing < 1,
        Setting.LABEL_SMOOTHING,
        "0 to less than 1",
        labelSmoothing);
    Expect.notNegative(Setting.MIXUP, mixup);
    Expect.notNegative(Setting.CUTMIX, cutmix);
  }

  /** Whether images are put together from two. */
  public boolean mixes() {
    return mixup > 0 || cutmix > 0;
  }
}

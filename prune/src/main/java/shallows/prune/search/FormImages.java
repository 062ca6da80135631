package shallows.prune.search;

import shallows.data.LabelledImages;
import shallows.train.inference.PairedNetworks;

/**
 * The training images in two parts, where blocks get other forms.
 *
 * @param fitting what layers are fitted on, a {@linkplain PairedNetworks#sample sample}
 * @param choosing what forms are chosen by
 */
public record FormImages(LabelledImages fitting, LabelledImages choosing) {
  private static final double CHOOSING_SHARE = 0.4;

  /** Divergences on more say little more, and take long. */
  private static final int MOST_CHOOSING = 500;

  private static final long SEED = 0;

  /** Always the same ones. */
  public static FormImages of(LabelledImages train) {
    var split = train.split(CHOOSING_SHARE, SEED);
    LabelledImages apart = split.heldOut();
    return new FormImages(
        PairedNetworks.sample(split.train()),
        apart.size() <= MOST_CHOOSING
            ? apart
            : apart.split((double) MOST_CHOOSING / apart.size(), SEED).heldOut());
  }
}

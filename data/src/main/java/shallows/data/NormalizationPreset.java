package shallows.data;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import shallows.model.graph.Normalization;

/** The usual ways of scaling pixels before they go into a network. */
public enum NormalizationPreset {
  /** Mean and deviation of ImageNet's colours, as torchvision's and timm's networks want them. */
  IMAGENET {
    @Override
    public Optional<Normalization> of(LabelledImages images) {
      return images.channels() == IMAGENET_MEAN.size()
          ? Optional.of(new Normalization(IMAGENET_MEAN, IMAGENET_DEVIATION))
          : Optional.empty();
    }
  },
  /** Mean and deviation of the images at hand, as networks trained on small sets often want it. */
  DATA {
    @Override
    public Optional<Normalization> of(LabelledImages images) {
      return Optional.of(PixelStatistics.normalization(images));
    }
  },
  /** To [−1, 1], as TensorFlow's MobileNets and many vision transformers want it. */
  MINUS_ONE_TO_ONE {
    @Override
    public Optional<Normalization> of(LabelledImages images) {
      return Optional.of(alike(images.channels(), 0.5f, 0.5f));
    }
  },
  /** To [0, 1]. */
  NONE {
    @Override
    public Optional<Normalization> of(LabelledImages images) {
      return Optional.of(Normalization.none(images.channels()));
    }
  },
  /** The bytes as they are, 0 to 255, for networks that scale pixels themselves. */
  BYTES {
    @Override
    public Optional<Normalization> of(LabelledImages images) {
      return Optional.of(alike(images.channels(), 0f, 1f / (NormalizedLevels.LEVELS - 1)));
    }
  };

  private static final List<Float> IMAGENET_MEAN = List.of(0.485f, 0.456f, 0.406f);
  private static final List<Float> IMAGENET_DEVIATION = List.of(0.229f, 0.224f, 0.225f);

  /**
   * The preset for images like these.
   *
   * @return empty where it is for another number of channels
   */
  public abstract Optional<Normalization> of(LabelledImages images);

  /** As it is written, for example {@code "minus-one-to-one"}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Normalization alike(int channels, float mean, float deviation) {
    return new Normalization(
        Collections.nCopies(channels, mean), Collections.nCopies(channels, deviation));
  }
}

package shallows.prune.plan;

import com.google.gson.annotations.SerializedName;
import java.util.Locale;

/** What becomes of a residual block. */
public enum Decision {
  /** It stays as it is. */
  @SerializedName("keep")
  KEEP,
  /** Its convolutions get one bit a weight. */
  @SerializedName("binarize")
  BINARIZE,
  /** It loses some of its inner channels; what is left is fitted anew. */
  @SerializedName("narrow")
  NARROW,
  /** Its branch becomes one 1x1 convolution. */
  @SerializedName("linear")
  LINEAR,
  /** Its branch becomes one factor and one offset a channel. */
  @SerializedName("scale")
  SCALE,
  /** Its branch goes; the shortcut remains. */
  @SerializedName("drop")
  DROP;

  /** Whether there are weights to fit. */
  public boolean isFitted() {
    return this == NARROW || this == LINEAR || this == SCALE;
  }

  /** As in a plan: {@code keep}. */
  public String inWords() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Of a block that it befell: {@code kept}. */
  public String done() {
    return switch (this) {
      case KEEP -> "kept";
      case BINARIZE -> "binarized";
      case NARROW -> "narrowed";
      case LINEAR -> "made linear";
      case SCALE -> "scaled";
      case DROP -> "dropped";
    };
  }
}

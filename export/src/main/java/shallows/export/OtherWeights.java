package shallows.export;

import com.google.gson.annotations.SerializedName;
import java.util.Optional;
import shallows.export.quantize.calibrate.WeightRounding;

/** Why a file is rounded from other weights than those of the network that was exported. */
public enum OtherWeights {
  /** Trained on while they were rounded. */
  @SerializedName("fine-tuned")
  FINE_TUNED("QAT"),
  /** Channels brought to like size across layers. */
  @SerializedName("equalized")
  EQUALIZED("equalized"),
  /** Rounded so that the outputs of layers stay, not to the nearest. */
  @SerializedName("rounded")
  ROUNDED("rounding learned"),
  /** Both, one behind the other. */
  @SerializedName("equalized-rounded")
  EQUALIZED_ROUNDED("equalized, rounding learned");

  private final String label;

  OtherWeights(String label) {
    this.label = label;
  }

  /** In a table of files. */
  public String label() {
    return label;
  }

  static Optional<OtherWeights> of(WeightRounding weights) {
    if (weights.equalized()) {
      return Optional.of(weights.learned() ? EQUALIZED_ROUNDED : EQUALIZED);
    }
    return weights.learned() ? Optional.of(ROUNDED) : Optional.empty();
  }
}

package shallows.export.quantize;

import com.google.gson.annotations.SerializedName;

/** How many scales the weights of a layer of integers have. */
public enum WeightScales {
  /** One for each output of a convolution. */
  @SerializedName("per-channel")
  PER_CHANNEL("per-channel"),
  /** One for the whole tensor: accelerators of some years ago know no others. */
  @SerializedName("per-tensor")
  PER_TENSOR("per-tensor");

  private final String label;

  WeightScales(String label) {
    this.label = label;
  }

  /** As a command names it. */
  @Override
  public String toString() {
    return label;
  }
}

package shallows.train.options;

import com.google.gson.annotations.SerializedName;
import java.util.Locale;

/**
 * Whether a step computes some of its numbers with fewer bits than it keeps them (Micikevicius et
 * al. 2018, "Mixed Precision Training"). Weights, velocities, statistics of batch norm and the loss
 * are floats in any case.
 */
public enum MixedPrecision {
  /** Everything is computed in floats. */
  @SerializedName("none")
  NONE,
  /**
   * Values and convolutions, forward and backward, are bfloat16: a float without its lower 16 bits,
   * so that nothing needs to be scaled (Kalamkar et al. 2019, "A Study of BFLOAT16 for Deep
   * Learning Training").
   */
  @SerializedName("bf16")
  BF16;

  /** As a command and a file have it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

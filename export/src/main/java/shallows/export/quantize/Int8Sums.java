package shallows.export.quantize;

import com.google.gson.annotations.SerializedName;

/**
 * What the sum of a residual block is in files of integers. Both compute the same, up to the steps
 * that the terms are rounded to.
 */
public enum Int8Sums {
  /** The operator for sums; each term has steps of its own. */
  @SerializedName("add")
  ADD("add"),
  /**
   * In TFLite files a 1x1 convolution over both terms side by side: TFLite's own kernels on x86-64
   * compute that in a third of the time of their sum; XNNPACK takes a little longer for it than for
   * a sum. The terms share their steps.
   */
  @SerializedName("conv")
  CONVOLUTION("conv");

  private final String label;

  Int8Sums(String label) {
    this.label = label;
  }

  /** As a command names it. */
  @Override
  public String toString() {
    return label;
  }
}

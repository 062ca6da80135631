package shallows.export;

import com.google.gson.annotations.SerializedName;

/** How the numbers of a file are stored. */
public enum ExportPrecision {
  /** 32-bit floats. */
  @SerializedName("fp32")
  FP32("fp32"),
  /** 8-bit integers, weights and values; floats go in and out. */
  @SerializedName("int8")
  INT8("int8"),
  /**
   * 1 bit a weight in the convolutions that are binary, 32-bit floats elsewhere. The numbers that
   * are computed with are those of {@link #FP32}.
   */
  @SerializedName("binary")
  BINARY("binary");

  private final String label;

  ExportPrecision(String label) {
    this.label = label;
  }

  /** As a command names it, and as file names contain it. */
  public String label() {
    return label;
  }
}

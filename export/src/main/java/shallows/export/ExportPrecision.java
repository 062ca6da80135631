package shallows.export;

import com.google.gson.annotations.SerializedName;

/** How the weights of a file are stored. */
public enum ExportPrecision {
  /** 32-bit floats. */
  @SerializedName("fp32")
  FP32("fp32", 1e-4),
  /**
   * 1 bit a weight in the convolutions that are binary, 32-bit floats elsewhere. The numbers that
   * are computed with are those of {@link #FP32}, so the tolerance is the same.
   */
  @SerializedName("binary")
  BINARY("binary", 1e-4);

  private final String label;
  private final double tolerance;

  ExportPrecision(String label, double tolerance) {
    this.label = label;
    this.tolerance = tolerance;
  }

  /** As a command names it, and as file names contain it. */
  public String label() {
    return label;
  }

  /**
   * How far the outputs of a file may be from those of its graph, as a share of their range. A
   * runtime that adds the same floats in another order, through some hundred layers, stays a
   * hundred times below 1e-4; any mistake in a writer is far above.
   */
  public double tolerance() {
    return tolerance;
  }
}

package shallows.export.tflite;

import com.google.gson.annotations.SerializedName;

/** What goes into a TFLite file of 8-bit integers, and what comes out. */
public enum TfliteEdges {
  /** Floats, which the file rounds itself: what every runtime accepts. */
  @SerializedName("float")
  FLOATS("float"),
  /**
   * Signed bytes by the scales and zero points of the tensors, for processors that have nothing
   * else; LiteRT.js refuses such files.
   */
  @SerializedName("int8")
  INTEGERS("int8");

  private final String label;

  TfliteEdges(String label) {
    this.label = label;
  }

  /** As a command names it. */
  @Override
  public String toString() {
    return label;
  }
}

package shallows.export.tflite;

import com.google.gson.annotations.SerializedName;

/** How many images a TFLite file takes at once. */
public enum TfliteBatch {
  /** Just one. */
  @SerializedName("one")
  ONE("one"),
  /** One, or as many as the caller resizes the input to. */
  @SerializedName("dynamic")
  DYNAMIC("dynamic");

  private final String label;

  TfliteBatch(String label) {
    this.label = label;
  }

  /** As a command names it. */
  @Override
  public String toString() {
    return label;
  }
}

package shallows.export;

import com.google.gson.annotations.SerializedName;

/** The kinds of file. */
public enum ExportFormat {
  @SerializedName("onnx")
  ONNX("onnx"),
  @SerializedName("tflite")
  TFLITE("tflite");

  private final String label;

  ExportFormat(String label) {
    this.label = label;
  }

  /** As a command names it, and how a file's name ends. */
  public String label() {
    return label;
  }

  /** As {@link #label}, which is what messages say. */
  @Override
  public String toString() {
    return label;
  }
}

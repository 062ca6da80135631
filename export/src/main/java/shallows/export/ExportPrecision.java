package shallows.export;

import com.google.gson.annotations.SerializedName;
import shallows.export.quantize.WeightScales;
import shallows.export.quantize.WeightStorage;

/** How the numbers of a file are stored. */
public enum ExportPrecision {
  /** 32-bit floats. */
  @SerializedName("fp32")
  FP32("fp32", WeightStorage.AS_COMPUTED),
  /** Weights of half precision, of which floats are made: half the bytes, and as fast as floats. */
  @SerializedName("fp16")
  FP16("fp16", WeightStorage.HALF),
  /**
   * Weights of 8 bits with a scale for each output, of which floats are made; values are floats.
   * Needs no image to be written, and is as fast as floats.
   */
  @SerializedName("int8-weights")
  INT8_WEIGHTS("int8-weights", WeightStorage.BYTES),
  /**
   * Weights of 4 bits with a scale for each output, of which floats are made; values are floats.
   * The first and the last layer, and those of few weights, have 8 bits. Half of the bytes of
   * {@link #INT8_WEIGHTS}, and as fast; costs accuracy. ONNX only.
   */
  @SerializedName("int4-weights")
  INT4_WEIGHTS("int4-weights", WeightStorage.NIBBLES),
  /** 8-bit integers, weights and values; floats go in and out. */
  @SerializedName("int8")
  INT8("int8", WeightStorage.AS_COMPUTED),
  /**
   * 1 bit a weight in the convolutions that are binary, 32-bit floats elsewhere. The numbers that
   * are computed with are those of {@link #FP32}.
   */
  @SerializedName("binary")
  BINARY("binary", WeightStorage.BITS),
  /**
   * The binary weights ±1 as 8-bit integers, and all else as in {@link #INT8}, of which these are
   * the numbers: as fast, and as large. TFLite only.
   */
  @SerializedName("binary-fast")
  BINARY_FAST("binary-fast", WeightStorage.AS_COMPUTED),
  /** 1 bit a weight in the convolutions that are binary, 8-bit integers elsewhere. */
  @SerializedName("mixed")
  MIXED("mixed", WeightStorage.BITS);

  private final String label;
  private final WeightStorage storage;

  ExportPrecision(String label, WeightStorage storage) {
    this.label = label;
    this.storage = storage;
  }

  /** As a command names it, and as file names contain it. */
  public String label() {
    return label;
  }

  /** How the weights of layers lie in such a file. */
  public WeightStorage storage() {
    return storage;
  }

  /** Whether a file computes with 8-bit integers, by scales that were calibrated. */
  public boolean isInteger() {
    return this == INT8 || this == BINARY_FAST || this == MIXED;
  }

  /** Whether it differs from another precision only where there are binary convolutions. */
  public boolean needsBinaryWeights() {
    return this == BINARY || this == BINARY_FAST || this == MIXED;
  }

  /** Whether there are such files of a format. */
  public boolean existsAs(ExportFormat format) {
    return switch (this) {
      case BINARY_FAST -> format == ExportFormat.TFLITE;
      case INT4_WEIGHTS -> format == ExportFormat.ONNX;
      default -> true;
    };
  }

  /** Whether there are such files whose weights have so many scales. */
  public boolean existsWith(WeightScales scales) {
    return scales == WeightScales.PER_CHANNEL || !isInteger() || this == INT8;
  }

  /** The label, by which command lines are read too. */
  @Override
  public String toString() {
    return label;
  }
}

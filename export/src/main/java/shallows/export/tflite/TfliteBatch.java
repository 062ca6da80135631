package shallows.export.tflite;

/** How many images a TFLite file takes at once. */
public enum TfliteBatch {
  /** Just one: what every runtime accepts. */
  ONE,
  /** One, or as many as the caller resizes the input to; LiteRT.js refuses such files. */
  DYNAMIC
}

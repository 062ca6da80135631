package shallows.model.onnx.read;

/**
 * What a name in a file stands for when an image flows through it.
 *
 * @param value of the graph
 * @param layout of its axes in the file
 */
record OnnxFlow(String value, OnnxLayout layout) {
  OnnxFlow withLayout(OnnxLayout other) {
    return new OnnxFlow(value, other);
  }
}

package shallows.export.tflite;

import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** 32-bit floats, and bits where a binary filter is packed. */
final class FloatTensors implements TfliteTensors {
  private final TfliteFile file;
  private final TfliteFilters filters;

  /**
   * @param packed whether binary filters are stored as bits
   */
  FloatTensors(TfliteFile file, boolean packed) {
    this.file = file;
    this.filters = new TfliteFilters(file, packed);
  }

  @Override
  public int entering(String name, Shape shape, int image) {
    return image;
  }

  @Override
  public int value(String name, Shape shape) {
    return file.value(name, Layout.ofValue(shape));
  }

  @Override
  public int leaving(String name, Shape shape, int output) {
    return output;
  }

  @Override
  public boolean hasExactMean() {
    return true;
  }

  @Override
  public int[] parameters(Layer layer) {
    Tensor filter = layer.form().laidOut(layer.weight());
    // The outputs of a depthwise filter stand last, where bits would be unpacked with scales of
    // another shape; nine weights a channel are not worth it.
    boolean bits = layer.binary() && layer.form() == Form.CONVOLUTION;
    int weight = bits ? filters.binary(layer.name(), filter) : filters.floats(layer.name(), filter);
    return new int[] {weight, file.constant(layer.biasName(), layer.bias())};
  }
}

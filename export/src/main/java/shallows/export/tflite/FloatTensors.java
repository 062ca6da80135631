package shallows.export.tflite;

import java.util.Optional;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** 32-bit floats, and bits where a binary filter is packed. */
final class FloatTensors implements TfliteTensors {
  private final TfliteFile file;
  private final PackedFilters packed;

  /**
   * @param bits whether binary filters are stored as bits
   */
  FloatTensors(TfliteFile file, boolean bits) {
    this.file = file;
    this.packed = new PackedFilters(file, bits);
  }

  @Override
  public int image(String name, Shape shape) {
    return file.value(name, Layout.ofValue(shape));
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
  public int asFloats(String name, Shape shape, int tensor) {
    return tensor;
  }

  @Override
  public int floats(String name, Shape shape) {
    return value(name, shape);
  }

  @Override
  public int rounded(String name, Shape shape, int floats) {
    return floats;
  }

  @Override
  public boolean hasOperator(Operation.Curve curve, String value) {
    return true;
  }

  @Override
  public boolean areFloats() {
    return true;
  }

  @Override
  public boolean hasExactMean() {
    return true;
  }

  @Override
  public Optional<int[]> sum(Node sum, int channels) {
    return Optional.empty();
  }

  @Override
  public int[] parameters(Layer layer) {
    Tensor filter = layer.form().laidOut(layer.weight());
    int weight =
        packed.holds(layer, filter)
            ? packed.floats(layer.name(), filter)
            : file.constant(layer.name(), filter);
    return new int[] {weight, file.constant(layer.biasName(), layer.bias())};
  }
}

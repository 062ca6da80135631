package shallows.export.tflite;

import java.util.Optional;
import java.util.function.UnaryOperator;
import shallows.export.quantize.StoredWeights;
import shallows.export.quantize.WeightStorage;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** 32-bit floats, and fewer bits where a filter is stored so. */
final class FloatTensors implements TfliteTensors {
  private final TfliteFile file;
  private final PackedFilters packed;
  private final RoundedFilters rounded;
  private final UnaryOperator<String> names;

  /**
   * @param weights how filters are stored
   */
  FloatTensors(TfliteFile file, StoredWeights weights) {
    this(file, weights, UnaryOperator.identity());
  }

  /**
   * @param names what the tensor of a value is called
   */
  FloatTensors(TfliteFile file, StoredWeights weights, UnaryOperator<String> names) {
    this.file = file;
    this.names = names;
    this.packed = new PackedFilters(file, weights.storage() == WeightStorage.BITS);
    this.rounded = new RoundedFilters(file, weights);
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
    return file.value(names.apply(name), Layout.ofValue(shape));
  }

  @Override
  public boolean isRounded(String value) {
    return false;
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
    if (rounded.hold(layer)) {
      return new int[] {rounded.floats(layer), rounded.biases(layer)};
    }
    return new int[] {filter(layer), file.constant(layer.biasName(), layer.bias())};
  }

  private int filter(Layer layer) {
    Tensor filter = layer.form().laidOut(layer.weight());
    return packed.holds(layer, filter)
        ? packed.floats(layer.name(), filter)
        : file.constant(layer.name(), filter);
  }
}

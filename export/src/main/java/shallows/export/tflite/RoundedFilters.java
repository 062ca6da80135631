package shallows.export.tflite;

import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.TensorType;
import shallows.export.quantize.QuantizedWeights;
import shallows.export.quantize.StoredWeights;
import shallows.export.quantize.WeightStorage;
import shallows.model.graph.Tensor;

/**
 * Filters as constants of half precision or of bytes, with the operator that makes floats of them.
 * XNNPACK does that once, when it takes the graph; then the file runs at the speed of floats.
 *
 * <pre>  halves, or bytes with a scale for each output → DEQUANTIZE (O, kH, kW, I)</pre>
 */
final class RoundedFilters {
  /** The first versions that take half precision, and a scale for each index of an axis. */
  private static final int OF_HALVES = 3;

  private static final int OF_AXES = 5;

  private final TfliteFile file;
  private final StoredWeights weights;

  /**
   * @param weights which are stored so; none where the storage is another one
   */
  RoundedFilters(TfliteFile file, StoredWeights weights) {
    this.file = file;
    this.weights = weights;
  }

  /** Whether that of a layer is one of them; what a node without weights is written as is not. */
  boolean hold(TfliteTensors.Layer layer) {
    return weights.holds(layer.name());
  }

  /** Makes the floats of a layer's filter; returns their index. */
  int floats(TfliteTensors.Layer layer) {
    return weights.storage() == WeightStorage.HALF ? ofHalves(layer) : ofBytes(layer);
  }

  /** Makes the floats of a layer's bias, which XNNPACK wants in half precision if its filter is. */
  int biases(TfliteTensors.Layer layer) {
    if (weights.storage() != WeightStorage.HALF) {
      return file.constant(layer.biasName(), layer.bias());
    }
    int[] extents = {layer.bias().size()};
    int halves =
        file.constant(
            layer.biasName() + "/halves",
            extents,
            TensorType.FLOAT16,
            StoredWeights.halves(layer.bias()));
    return floats(layer.biasName(), halves, extents, OF_HALVES);
  }

  private int ofHalves(TfliteTensors.Layer layer) {
    Tensor filter = layer.form().laidOut(layer.weight());
    int[] extents = TfliteFile.extents(filter.shape());
    int halves =
        file.constant(
            layer.name() + "/halves", extents, TensorType.FLOAT16, StoredWeights.halves(filter));
    return floats(layer.name(), halves, extents, OF_HALVES);
  }

  private int ofBytes(TfliteTensors.Layer layer) {
    QuantizedWeights bytes = weights.integers(layer.name());
    Tensor filter = layer.form().laidOut(layer.weight().shape(), bytes.values());
    int[] extents = TfliteFile.extents(filter.shape());
    TensorKind kind =
        TensorKind.perChannel(TensorType.INT8, bytes.scales(), layer.form().outputAxis());
    int integers =
        file.constant(layer.name() + "/bytes", extents, kind, TfliteTensors.Form.bytes(filter));
    return floats(layer.name(), integers, extents, OF_AXES);
  }

  private int floats(String name, int stored, int[] extents, int version) {
    int floats = file.fixedValue(name, extents, TensorKind.FLOAT);
    file.operator(BuiltinOperator.DEQUANTIZE, version, new int[] {stored}, floats);
    return floats;
  }
}

package shallows.export.tflite;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.TensorType;
import shallows.export.quantize.Quantization;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.QuantizedWeights;
import shallows.export.quantize.StoredWeights;
import shallows.export.quantize.WeightScales;
import shallows.export.quantize.WeightStorage;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * 8-bit integers: values with a scale and a zero point, filters with a scale for each output or one
 * for all, bits where a binary filter is packed, and biases in 32 bits.
 */
final class Int8Tensors implements TfliteTensors {
  /** What the tensor of floats is called that is rounded to a value. */
  private static final String FLOATS = "/floats";

  private static final Quantization SIGMOID = new Quantization(1f / 256, 0);

  private final TfliteFile file;
  private final QuantizedGraph graph;
  private final TfliteEdges edges;
  private final PackedFilters packed;
  private final FloatTensors inFloats;

  /** Filters of sums by the channels of a term: those of all sums are the same. */
  private final Map<Integer, Integer> identities = new HashMap<>();

  Int8Tensors(TfliteFile file, QuantizedGraph graph, TfliteOptions options) {
    this.file = file;
    this.graph = graph;
    this.edges = options.edges();
    this.packed = new PackedFilters(file, options.weights() == WeightStorage.BITS);
    this.inFloats =
        new FloatTensors(
            file,
            StoredWeights.of(graph.graph(), WeightStorage.AS_COMPUTED),
            value -> isRounded(value) ? value + FLOATS : value);
  }

  @Override
  public TfliteTensors of(Node node) {
    return graph.isFloat(node) ? inFloats : this;
  }

  @Override
  public boolean isRounded(String value) {
    return graph.isRounded(value);
  }

  @Override
  public int image(String name, Shape shape) {
    return edges == TfliteEdges.INTEGERS
        ? integers(name, name, shape)
        : file.value(name, Layout.ofValue(shape));
  }

  @Override
  public int entering(String name, Shape shape, int image) {
    if (edges == TfliteEdges.INTEGERS) {
      return image;
    }
    int rounded = integers(name + "/integers", name, shape);
    file.operator(BuiltinOperator.QUANTIZE, 1, new int[] {image}, rounded);
    return rounded;
  }

  @Override
  public int value(String name, Shape shape) {
    boolean last = edges == TfliteEdges.FLOATS && name.equals(graph.graph().output());
    return integers(last ? name + "/integers" : name, name, shape);
  }

  @Override
  public int leaving(String name, Shape shape, int output) {
    return edges == TfliteEdges.INTEGERS ? output : asFloats(name, shape, output);
  }

  @Override
  public int asFloats(String name, Shape shape, int tensor) {
    int floats = file.value(name, Layout.ofValue(shape));
    file.operator(BuiltinOperator.DEQUANTIZE, 1, new int[] {tensor}, floats);
    return floats;
  }

  @Override
  public int floats(String name, Shape shape) {
    return file.value(name + FLOATS, Layout.ofValue(shape));
  }

  @Override
  public int rounded(String name, Shape shape, int floats) {
    int rounded = value(name, shape);
    file.operator(BuiltinOperator.QUANTIZE, 1, new int[] {floats}, rounded);
    return rounded;
  }

  @Override
  public boolean hasOperator(Operation.Curve curve, String value) {
    return switch (curve) {
      // The steps of the result are built into the operator.
      case SIGMOID -> graph.quantization(value).equals(SIGMOID);
      case HARD_SWISH, GELU -> true;
      default -> false;
    };
  }

  @Override
  public boolean areFloats() {
    return false;
  }

  private int integers(String tensor, String value, Shape shape) {
    Quantization quantization = graph.quantization(value);
    TensorKind kind =
        TensorKind.int8(
            quantization.scale(), quantization.zeroPoint() - Quantization.SIGNED_OFFSET);
    return file.value(tensor, Layout.ofValue(shape), kind);
  }

  @Override
  public boolean hasExactMean() {
    return false;
  }

  /**
   * Where both terms have the same steps. The filter is two identities, in steps of 1, so that sums
   * of products are sums of the terms.
   */
  @Override
  public Optional<int[]> sum(Node sum, int channels) {
    Quantization steps = graph.quantization(sum.inputs().get(0));
    if (!steps.equals(graph.quantization(sum.inputs().get(1)))) {
      return Optional.empty();
    }
    // One scale for all channels: one each would take sixteen bytes a channel in a small file.
    float[] biasScale = {steps.scale()};
    int bias =
        file.constant(
            sum.name() + "/bias",
            new int[] {channels},
            TensorKind.perChannel(TensorType.INT32, biasScale, 0),
            ByteBuffer.allocate(channels * Integer.BYTES));
    return Optional.of(new int[] {identities.computeIfAbsent(channels, this::identities), bias});
  }

  private int identities(int channels) {
    byte[] filter = new byte[channels * 2 * channels];
    for (int o = 0; o < channels; o++) {
      filter[o * 2 * channels + o] = 1;
      filter[o * 2 * channels + channels + o] = 1;
    }
    return file.constant(
        "sum/" + channels,
        new int[] {channels, 1, 1, 2 * channels},
        TensorKind.int8(1, 0),
        ByteBuffer.wrap(filter));
  }

  @Override
  public int[] parameters(Layer layer) {
    float inputScale = graph.quantization(layer.input()).scale();
    boolean perChannel =
        layer.form() != Form.LINEAR && graph.weightScales() == WeightScales.PER_CHANNEL;
    QuantizedWeights weights =
        graph.weights(
            layer.name(), layer.weight(), layer.bias().values(), layer.input(), form(layer));
    float[] scales = perChannel ? weights.scales() : new float[] {weights.scales()[0]};
    float[] biasScales = new float[scales.length];
    for (int o = 0; o < scales.length; o++) {
      biasScales[o] = inputScale * scales[o];
    }
    Tensor filter = layer.form().laidOut(layer.weight().shape(), weights.values());
    // One scale belongs to no axis; the format has 0 there.
    int axis = scales.length == 1 ? 0 : layer.form().outputAxis();
    TensorKind kind = TensorKind.perChannel(TensorType.INT8, scales, axis);
    int weight =
        packed.holds(layer, filter)
            ? packed.signs(layer.name(), filter, kind)
            : file.constant(
                layer.name(), TfliteFile.extents(filter.shape()), kind, Form.bytes(filter));
    ByteBuffer biasBytes =
        ByteBuffer.allocate(weights.bias().length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    biasBytes.asIntBuffer().put(weights.bias());
    int bias =
        file.constant(
            layer.biasName(),
            new int[] {weights.bias().length},
            TensorKind.perChannel(TensorType.INT32, biasScales, 0),
            biasBytes);
    return new int[] {weight, bias};
  }

  private static QuantizedWeights.Form form(Layer layer) {
    if (layer.form() == Form.LINEAR) {
      return QuantizedWeights.Form.ONE_SCALE;
    }
    return layer.binary() ? QuantizedWeights.Form.SIGNS : QuantizedWeights.Form.PER_CHANNEL;
  }
}

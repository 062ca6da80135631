package shallows.export.tflite;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.TensorType;
import shallows.export.quantize.Quantization;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.QuantizedWeights;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * 8-bit integers: values with a scale and a zero point, filters with a scale for each output, and
 * biases in 32 bits. Floats go in and out at the edges, where LiteRT.js takes nothing else.
 */
final class Int8Tensors implements TfliteTensors {
  private final TfliteFile file;
  private final QuantizedGraph graph;

  Int8Tensors(TfliteFile file, QuantizedGraph graph) {
    this.file = file;
    this.graph = graph;
  }

  @Override
  public int entering(String name, Shape shape, int image) {
    int rounded = integers(name + "/integers", name, shape);
    file.operator(BuiltinOperator.QUANTIZE, 1, new int[] {image}, rounded);
    return rounded;
  }

  @Override
  public int value(String name, Shape shape) {
    boolean last = name.equals(graph.graph().output());
    return integers(last ? name + "/integers" : name, name, shape);
  }

  @Override
  public int leaving(String name, Shape shape, int output) {
    int floats = file.value(name, Layout.ofValue(shape));
    file.operator(BuiltinOperator.DEQUANTIZE, 1, new int[] {output}, floats);
    return floats;
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

  @Override
  public int[] parameters(Layer layer) {
    float inputScale = graph.quantization(layer.input()).scale();
    boolean perChannel = layer.form() != Form.LINEAR;
    QuantizedWeights weights =
        QuantizedWeights.of(layer.weight(), layer.bias().values(), inputScale, perChannel);
    float[] scales = perChannel ? weights.scales() : new float[] {weights.scales()[0]};
    float[] biasScales = new float[scales.length];
    for (int o = 0; o < scales.length; o++) {
      biasScales[o] = inputScale * scales[o];
    }
    Tensor filter = layer.form().laidOut(integers(layer.weight().shape(), weights.values()));
    ByteBuffer bytes = ByteBuffer.allocate(filter.size());
    for (float value : filter.values()) {
      bytes.put((byte) value);
    }
    int weight =
        file.constant(
            layer.name(),
            TfliteFile.extents(filter.shape()),
            TensorKind.perChannel(TensorType.INT8, scales, layer.form().outputAxis()),
            bytes.flip());
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

  /** Floats hold integers of eight bits exactly, and can be laid out as any filter is. */
  private static Tensor integers(Shape shape, byte[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values[i];
    }
    return new Tensor(shape, floats);
  }
}

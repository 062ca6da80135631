package shallows.export.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shallows.export.quantize.Quantization;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.QuantizedWeights;
import shallows.export.quantize.WeightScales;
import shallows.model.file.AtomicFile;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * The ONNX file of a quantized graph, in the form that runtimes turn into integer arithmetic: each
 * value that is rounded passes a QuantizeLinear to unsigned bytes and a DequantizeLinear, and each
 * weight and bias is stored as integers before a DequantizeLinear.
 *
 * <pre>  x → QuantizeLinear → DequantizeLinear ┐
 *  weight (int8) → DequantizeLinear (axis 0) ┼ Conv → Relu → QuantizeLinear → DequantizeLinear → y
 *   bias (int32) → DequantizeLinear (axis 0) ┘</pre>
 *
 * With one scale for a whole weight there is no axis. The weights of binary convolutions are ±1,
 * and may be stored as bits which ONNX Runtime unpacks when it loads the file.
 */
public final class QdqOnnxWriter {
  private static final String INTEGERS = "/integers";
  private static final String SCALE = "/scale";
  private static final String ZERO_POINT = "/zero_point";

  private final QuantizedGraph quantized;
  private final ModelProto.Builder model;
  private final GraphProto.Builder file;
  private final boolean packed;
  private final OnnxUnpacking unpacking = new OnnxUnpacking();

  private QdqOnnxWriter(QuantizedGraph quantized, boolean packed) {
    this.quantized = quantized;
    this.packed = packed;
    this.model = OnnxParts.model(quantized.graph());
    this.file = model.getGraphBuilder();
  }

  /**
   * @throws shallows.model.BadInputException when the file cannot be written
   */
  public static void write(QuantizedGraph graph, Path file) {
    write(bytes(graph), file);
  }

  /**
   * Writes {@link #packedBytes}.
   *
   * @throws shallows.model.BadInputException when the file cannot be written
   */
  public static void writePacked(QuantizedGraph graph, Path file) {
    write(packedBytes(graph), file);
  }

  private static void write(byte[] bytes, Path file) {
    AtomicFile.write(file, out -> out.write(bytes));
  }

  public static byte[] bytes(QuantizedGraph graph) {
    return new QdqOnnxWriter(graph, false).quantized();
  }

  /** A file that computes the same and holds one bit a weight where a convolution is binary. */
  public static byte[] packedBytes(QuantizedGraph graph) {
    return new QdqOnnxWriter(graph, true).quantized();
  }

  /** What such a file calls the floats that are rounded to the value of a node. */
  public static String unrounded(String value) {
    return value + "/exact";
  }

  private byte[] quantized() {
    quantize();
    unpacking.constants().forEach(file::addInitializer);
    // Nodes stand in topological order, so the weights come before whatever reads them.
    for (int i = 0; i < unpacking.nodes().size(); i++) {
      file.addNode(i, unpacking.nodes().get(i));
    }
    return model.build().toByteArray();
  }

  private void quantize() {
    List<NodeProto> floating = List.copyOf(file.getNodeList());
    Map<String, TensorProto> initializers = new HashMap<>();
    file.getInitializerList().forEach(tensor -> initializers.put(tensor.getName(), tensor));
    Set<String> kept = new HashSet<>();
    file.clearNode();
    file.clearInitializer();
    String image = quantized.graph().input().name();
    String rounded = image + "/rounded";
    round(image, rounded);
    for (NodeProto node : floating) {
      NodeProto.Builder computed = node.toBuilder();
      for (int i = 0; i < node.getInputCount(); i++) {
        if (node.getInput(i).equals(image)) {
          computed.setInput(i, rounded);
        }
      }
      if (hasIntegerWeights(node)) {
        storeIntegers(quantized.graph().node(node.getName()));
      } else if (isFloatLayer(node)) {
        storeNegated(quantized.graph().node(node.getName()), computed);
      } else {
        // What else an operator takes, such as the amounts of a Pad, stays as it is.
        node.getInputList().stream()
            .filter(name -> initializers.containsKey(name) && kept.add(name))
            .forEach(name -> file.addInitializer(initializers.get(name)));
      }
      String value = node.getOutput(0);
      if (quantized.isRounded(value)) {
        file.addNode(computed.setOutput(0, unrounded(value)));
        round(unrounded(value), value);
      } else {
        file.addNode(computed);
      }
    }
  }

  /** A node of the file may also be one of several that a node of the graph needs. */
  private boolean hasIntegerWeights(NodeProto node) {
    if (!quantized.graph().hasNode(node.getName())) {
      return false;
    }
    Node layer = quantized.graph().node(node.getName());
    return layer.operation().weighs() && !quantized.isFloat(layer);
  }

  /** With weights that compute in floats on what was rounded. */
  private boolean isFloatLayer(NodeProto node) {
    if (!quantized.graph().hasNode(node.getName())) {
      return false;
    }
    Node layer = quantized.graph().node(node.getName());
    return quantized.isFloat(layer)
        && layer.operation().weighs()
        && quantized.isRounded(layer.inputs().get(0));
  }

  /**
   * W·x as (−W)·(−x), the same floats: of a layer right behind a DequantizeLinear ONNX Runtime
   * would round the weights on its own.
   */
  private void storeNegated(Node layer, NodeProto.Builder computed) {
    String negated = layer.name() + "/negated";
    file.addNode(
        NodeProto.newBuilder()
            .setName(negated)
            .setOpType("Neg")
            .addInput(computed.getInput(0))
            .addOutput(negated));
    computed.setInput(0, negated);
    Tensor weight = quantized.graph().parameter(layer.inputs().get(1));
    float[] values = new float[weight.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = -weight.values()[i];
    }
    constant(layer.inputs().get(1), weight.shape(), values);
    Tensor bias = quantized.graph().parameter(layer.inputs().get(2));
    constant(layer.inputs().get(2), bias.shape(), bias.values());
  }

  /** What goes in and out bears the name of the value, what is between that and a suffix. */
  private void round(String from, String to) {
    String value = quantized.isRounded(to) ? to : from;
    Quantization quantization = quantized.quantization(value);
    constant(value + SCALE, Shape.of(), quantization.scale());
    byte[] zeroPoint = {(byte) quantization.zeroPoint()};
    constant(value + ZERO_POINT, DataType.UINT8, Shape.of(), zeroPoint);
    List<String> parameters = List.of(value + SCALE, value + ZERO_POINT);
    file.addNode(operator("QuantizeLinear", from, parameters, value + INTEGERS));
    file.addNode(operator("DequantizeLinear", value + INTEGERS, parameters, to));
  }

  private void storeIntegers(Node node) {
    QuantizedWeights weights = quantized.weights(node);
    float inputScale = quantized.quantization(node.inputs().get(0)).scale();
    String weight = node.inputs().get(1);
    Shape shape = quantized.graph().parameter(weight).shape();
    boolean perChannel =
        node.operation() instanceof Operation.Conv2d
            && quantized.weightScales() == WeightScales.PER_CHANNEL;
    float[] scales = perChannel ? weights.scales() : new float[] {weights.scales()[0]};
    Shape scaleShape = perChannel ? Shape.of(scales.length) : Shape.of();
    float[] biasScales = new float[scales.length];
    for (int o = 0; o < scales.length; o++) {
      biasScales[o] = inputScale * scales[o];
    }
    if (packed
        && node.operation() instanceof Operation.Conv2d conv
        && conv.precision() == Precision.BINARY) {
      unpacking.addSigns(weight + INTEGERS, quantized.graph().parameter(weight));
    } else {
      constant(weight + INTEGERS, DataType.INT8, shape, weights.values());
    }
    dequantized(weight, DataType.INT8, scales, scaleShape);
    String bias = node.inputs().get(2);
    ByteBuffer integers = OnnxParts.littleEndian(weights.bias().length * Integer.BYTES);
    integers.asIntBuffer().put(weights.bias());
    constant(bias + INTEGERS, DataType.INT32, Shape.of(weights.bias().length), integers.array());
    dequantized(bias, DataType.INT32, biasScales, scaleShape);
  }

  private void dequantized(String name, DataType type, float[] scales, Shape shape) {
    constant(name + SCALE, shape, scales);
    int zeroBytes = shape.size() * (type == DataType.INT8 ? 1 : Integer.BYTES);
    constant(name + ZERO_POINT, type, shape, new byte[zeroBytes]);
    NodeProto.Builder node =
        operator(
            "DequantizeLinear", name + INTEGERS, List.of(name + SCALE, name + ZERO_POINT), name);
    if (shape.rank() > 0) {
      node.addAttribute(OnnxParts.integer("axis", 0));
    }
    file.addNode(node);
  }

  private static NodeProto.Builder operator(
      String type, String input, List<String> parameters, String output) {
    return NodeProto.newBuilder()
        .setName(output + "/" + type)
        .setOpType(type)
        .addInput(input)
        .addAllInput(parameters)
        .addOutput(output);
  }

  private void constant(String name, Shape shape, float... values) {
    constant(name, DataType.FLOAT, shape, OnnxParts.littleEndian(values).array());
  }

  private void constant(String name, DataType type, Shape shape, byte[] littleEndian) {
    file.addInitializer(OnnxParts.constant(name, type, shape, ByteBuffer.wrap(littleEndian)));
  }
}

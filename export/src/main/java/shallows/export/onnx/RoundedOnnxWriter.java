package shallows.export.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import shallows.export.quantize.QuantizedWeights;
import shallows.export.quantize.StoredWeights;
import shallows.export.quantize.WeightStorage;
import shallows.model.file.AtomicFile;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * The ONNX file of a graph with the weights of its layers in half precision, or in bytes or half
 * bytes with a scale for each output. ONNX Runtime makes floats of them once, when it loads the
 * file. Not by a DequantizeLinear: of a matrix behind one it makes a layer that rounds values as
 * well.
 *
 * <pre>
 *   halves → Cast → (O, I/g, kH, kW)
 *   bytes → Cast → Mul scales (O, 1, 1, 1) → (O, I/g, kH, kW)
 *   half bytes → {@link OnnxUnpacking} → bytes, as before
 * </pre>
 */
public final class RoundedOnnxWriter {
  private static final AttributeProto TO_FLOAT = OnnxParts.to(DataType.FLOAT);

  private final StoredWeights weights;
  private final List<TensorProto> constants = new ArrayList<>();
  private final List<NodeProto> nodes = new ArrayList<>();
  private final OnnxUnpacking unpacking = new OnnxUnpacking();

  private RoundedOnnxWriter(StoredWeights weights) {
    this.weights = weights;
  }

  /**
   * @param storage one that rounds
   * @throws shallows.model.BadInputException when the file cannot be written
   */
  public static void write(Graph graph, WeightStorage storage, Path file) {
    byte[] bytes = bytes(graph, storage);
    AtomicFile.write(file, out -> out.write(bytes));
  }

  /**
   * The content of the file.
   *
   * @param storage one that rounds
   */
  public static byte[] bytes(Graph graph, WeightStorage storage) {
    StoredWeights weights = StoredWeights.of(graph, storage);
    RoundedOnnxWriter writer = new RoundedOnnxWriter(weights);
    weights.names().forEach(writer::add);
    writer.constants.addAll(writer.unpacking.constants());
    writer.nodes.addAll(0, writer.unpacking.nodes());
    return ReplacedWeights.bytes(graph, weights.names(), writer.constants, writer.nodes);
  }

  private void add(String weight) {
    Tensor exact = weights.exact(weight);
    if (weights.storage() == WeightStorage.HALF) {
      String halves =
          constant(
              weight + "/halves", DataType.FLOAT16, exact.shape(), StoredWeights.halves(exact));
      node("Cast", weight, List.of(halves), TO_FLOAT);
      return;
    }
    QuantizedWeights bytes = weights.integers(weight);
    float[] each = bytes.scales();
    String integers = weight + "/bytes";
    if (weights.isInNibbles(weight)) {
      unpacking.addNibbles(integers, bytes.values(), exact.shape());
    } else {
      constant(integers, DataType.INT8, exact.shape(), ByteBuffer.wrap(bytes.values()));
    }
    Shape alongOutputs =
        exact.shape().rank() == 2 ? Shape.of(each.length, 1) : Shape.of(each.length, 1, 1, 1);
    String scales =
        constant(weight + "/scales", DataType.FLOAT, alongOutputs, OnnxParts.littleEndian(each));
    node("Cast", weight + "/integers", List.of(integers), TO_FLOAT);
    node("Mul", weight, List.of(weight + "/integers", scales));
  }

  private void node(
      String operator, String output, List<String> inputs, AttributeProto... attributes) {
    nodes.add(OnnxParts.node(operator, output, inputs, attributes));
  }

  private String constant(String name, DataType type, Shape shape, ByteBuffer bytes) {
    constants.add(OnnxParts.constant(name, type, shape, bytes));
    return name;
  }
}

package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.onnx.constant.Constant;

/**
 * The integers between a QuantizeLinear and its DequantizeLinear, where a file rounds a value. Read
 * as floats, the pair hands its value on:
 *
 * <ol>
 *   <li>A value that may be negative, where its integers begin at zero, becomes a Relu, or a Clip
 *       to [0, 6] where they end there: quantizers leave out an activation that rounding does
 *       anyway.
 *   <li>Otherwise, and always of the image and behind a softmax at the end, nothing is computed.
 *   <li>Rounding itself, and what lies beyond the integers, is left out.
 * </ol>
 */
final class OnnxIntegers {
  private static final double SIX = 6;

  private static final Set<DataType> TYPES =
      Set.of(DataType.UINT8, DataType.INT8, DataType.UINT16, DataType.INT16);

  private static final int BYTE = 255;

  private final OnnxImport imported;
  private final String image;

  /** By the name of the integers in the file. */
  private final Map<String, Quantized> integers = new HashMap<>();

  private final Map<String, StoredIntegers.Activation> activations = new LinkedHashMap<>();

  /** By the name of the value in the graph. */
  private final Map<String, FakeQuantization.Levels> values = new LinkedHashMap<>();

  private final Set<String> twice = new HashSet<>();

  /** By the name of the value in the graph. */
  private final Set<String> nonNegative = new HashSet<>();

  private boolean ended;

  /**
   * @param source the name in the file under which their value was last known
   * @param once whether nothing else reads what these integers were cast from
   */
  private record Quantized(Steps steps, String source, boolean once) {}

  private record Steps(FakeQuantization.Levels levels, DataType type) {}

  OnnxIntegers(OnnxImport imported, String image) {
    this.imported = imported;
    this.image = image;
  }

  /** Whether a name of the file stands for integers, which only a DequantizeLinear may read. */
  boolean are(String name) {
    return integers.containsKey(name);
  }

  /** From here on there are probabilities in the file, and in the graph what they are made of. */
  void end() {
    ended = true;
  }

  void quantize(OnnxCall call) {
    call.inputs(2, 3);
    OnnxFlow x = call.flow(0);
    Steps steps = steps(call);
    Optional<Operation> activation = activation(x.value(), steps.levels());
    activation.ifPresentOrElse(operation -> call.emit(x, operation), () -> call.alias(x));
    String source = activation.isPresent() ? call.output() : call.inputs().get(0);
    integers.put(call.output(), new Quantized(steps, source, true));
    activations.put(
        call.output(),
        activation.isEmpty()
            ? StoredIntegers.Activation.NONE
            : activation.get() instanceof Operation.Relu
                ? StoredIntegers.Activation.RELU
                : StoredIntegers.Activation.RELU6);
  }

  /** Whether the node only hands integers on: PyTorch casts them to the type that they have. */
  boolean handsOn(NodeProto node) {
    return node.getInputCount() == 1
        && are(node.getInput(0))
        && (node.getOpType().equals("Identity") || node.getOpType().equals("Cast"));
  }

  void handOn(OnnxCall call) {
    Quantized known = integers.get(call.inputs().get(0));
    int type = known.steps().type().getNumber();
    call.attributes().integer("saturate", 1);
    if (call.operator().equals("Cast") && call.attributes().integer("to", 0) != type) {
      throw new IllegalArgumentException("expected a cast of integers to their own type");
    }
    call.alias(call.flow(0));
    boolean once = known.once() && imported.isReadOnce(call.inputs().get(0));
    integers.put(call.output(), new Quantized(known.steps(), known.source(), once));
    activations.put(call.output(), StoredIntegers.Activation.NONE);
  }

  void dequantize(OnnxCall call) {
    call.inputs(2, 3);
    String name = call.inputs().get(0);
    Quantized written = integers.get(name);
    if (written == null) {
      throw new IllegalArgumentException(
          "expected integers of a QuantizeLinear or of constants, found '" + name + "'");
    }
    Steps steps = steps(call);
    if (!steps.equals(written.steps())) {
      throw new IllegalArgumentException(
          "expected the scale and zero point that '" + name + "' was made with");
    }
    OnnxFlow x = call.flow(0);
    // In our own files this name is the one that blocks know the value by.
    boolean renames = imported.isOwn() && written.once();
    if (renames && imported.ownNode(written.source(), x).isPresent()) {
      call.rename(x);
      x = imported.flow(call.output()).orElseThrow();
      // Optimizers write a DequantizeLinear for each reader.
      imported.redefine(name, x);
    } else {
      call.alias(x);
    }
    FakeQuantization.Levels before = ended ? null : values.put(x.value(), steps.levels());
    if (before != null && !before.equals(steps.levels())) {
      twice.add(x.value());
    }
  }

  private Steps steps(OnnxCall call) {
    call.attributes().integer("axis", 1);
    call.attributes().integer("saturate", 1);
    call.attributes().integer("precision", 0);
    for (String unknown : List.of("block_size", "output_dtype")) {
      if (call.attributes().integer(unknown, 0) != 0) {
        throw new IllegalArgumentException("expected no " + unknown);
      }
    }
    float scale = call.constants().scalar(call.constant(1));
    DataType type = DataType.UINT8;
    long zero = 0;
    if (call.has(2)) {
      Constant point = call.constants().constant(call.constant(2));
      type = point.type();
      if (!TYPES.contains(type) || point.size() != 1) {
        throw new IllegalArgumentException(
            "expected one zero point of 8 or 16 bits, found " + point.size() + " of " + type);
      }
      zero = point.integers()[0];
    }
    boolean bytes = type == DataType.UINT8 || type == DataType.INT8;
    int width = bytes ? BYTE : (1 << Short.SIZE) - 1;
    boolean signed = type == DataType.INT8 || type == DataType.INT16;
    int lowest = (int) ((signed ? -(width + 1) / 2 : 0) - zero);
    return new Steps(new FakeQuantization.Levels(scale, lowest, lowest + width), type);
  }

  private Optional<Operation> activation(String value, FakeQuantization.Levels levels) {
    if (levels.lowest() != 0 || ended || value.equals(image) || nonNegative.contains(value)) {
      return Optional.empty();
    }
    double high = (double) levels.scale() * levels.highest();
    return Math.abs(high - SIX) <= levels.scale() / 2
        ? Optional.of(Operation.Clip.RELU6)
        : Optional.of(new Operation.Relu());
  }

  /** Takes note of a node of the graph, behind those that it reads. */
  void note(Node node) {
    if (isNonNegative(node)) {
      nonNegative.add(node.name());
    }
  }

  private boolean isNonNegative(Node node) {
    Operation operation = node.operation();
    boolean handsOn =
        operation.moves()
            || operation instanceof Operation.AveragePool
            || operation instanceof Operation.GlobalAveragePool;
    return operation instanceof Operation.Relu
        || operation instanceof Operation.Clip clip && clip.low() >= 0
        || operation.equals(new Operation.Activation(Operation.Curve.SIGMOID))
        || operation.equals(new Operation.Activation(Operation.Curve.HARD_SIGMOID))
        || handsOn && nonNegative.containsAll(node.inputs());
  }

  /**
   * What came of it.
   *
   * @param layers the graph's, as they were read
   */
  Optional<StoredIntegers> stored(List<Node> layers) {
    if (activations.isEmpty()) {
      return Optional.empty();
    }
    Map<String, StoredIntegers.Weights> weights = new LinkedHashMap<>();
    for (Node node : layers) {
      if (node.operation().weighs()) {
        imported
            .constants()
            .rounded(node.inputs().get(1))
            .ifPresent(found -> weights.put(node.name(), found));
      }
    }
    values.keySet().removeAll(twice);
    return Optional.of(new StoredIntegers(values, weights, activations));
  }
}

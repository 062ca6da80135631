package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Map;
import java.util.function.Consumer;
import shallows.model.graph.Operation;
import shallows.model.graph.Tensor;
import shallows.model.onnx.constant.Constant;

/**
 * One node of an ONNX file as nodes of a graph, the last of them bearing the name of the ONNX
 * node's output. What a graph cannot express is refused, never left out.
 */
final class OnnxNodeReader {
  /** How far a float that stands for 1/6 may be from it. */
  private static final float SIXTH_TOLERANCE = 1e-6f;

  private static final Map<String, Consumer<OnnxCall>> OPERATORS =
      Map.ofEntries(
          Map.entry("Conv", call -> new OnnxWindows(call).conv2d()),
          Map.entry("MaxPool", call -> new OnnxWindows(call).maxPool()),
          Map.entry("AveragePool", call -> new OnnxWindows(call).averagePool()),
          Map.entry("Pad", call -> new OnnxWindows(call).pad()),
          Map.entry("BatchNormalization", OnnxNodeReader::batchNorm),
          Map.entry("LayerNormalization", OnnxNodeReader::channelNorm),
          Map.entry("Relu", call -> unary(call, new Operation.Relu())),
          Map.entry("Clip", OnnxNodeReader::clip),
          Map.entry("LeakyRelu", OnnxNodeReader::leakyRelu),
          Map.entry("PRelu", OnnxNodeReader::parametricRelu),
          Map.entry("Sigmoid", call -> unary(call, curve(Operation.Curve.SIGMOID))),
          Map.entry("HardSigmoid", OnnxNodeReader::hardSigmoid),
          Map.entry("HardSwish", call -> unary(call, curve(Operation.Curve.HARD_SWISH))),
          Map.entry("Gelu", OnnxNodeReader::gelu),
          Map.entry("Neg", call -> unary(call, new Operation.Scale(-1))),
          Map.entry("Add", call -> new OnnxArithmetic(call).add()),
          Map.entry("Sum", call -> new OnnxArithmetic(call).add()),
          Map.entry("Sub", call -> new OnnxArithmetic(call).subtract()),
          Map.entry("Mul", call -> new OnnxArithmetic(call).multiply()),
          Map.entry("Div", call -> new OnnxArithmetic(call).divide()),
          Map.entry("Gemm", call -> new OnnxArithmetic(call).gemm()),
          Map.entry("MatMul", call -> new OnnxArithmetic(call).matMul()),
          Map.entry("GlobalAveragePool", OnnxNodeReader::globalAveragePool),
          Map.entry("GlobalMaxPool", call -> new OnnxAxes(call).globalMaxPool()),
          Map.entry("ReduceMean", call -> new OnnxAxes(call).reduceMean()),
          Map.entry("Concat", call -> new OnnxAxes(call).concat()),
          Map.entry("Split", call -> new OnnxAxes(call).split()),
          Map.entry("Slice", call -> new OnnxAxes(call).slice()),
          Map.entry("Flatten", call -> new OnnxReshape(call).flatten()),
          Map.entry("Reshape", call -> new OnnxReshape(call).reshape()),
          Map.entry("Squeeze", call -> new OnnxReshape(call).squeeze()),
          Map.entry("Unsqueeze", call -> new OnnxReshape(call).unsqueeze()),
          Map.entry("Transpose", call -> new OnnxAxes(call).transpose()),
          Map.entry("Identity", call -> call.alias(call.flow(0))),
          Map.entry("Dropout", OnnxNodeReader::dropout),
          Map.entry("Cast", OnnxNodeReader::cast));

  private OnnxNodeReader() {}

  /** Whether the node belongs to the operators that the ONNX standard itself defines. */
  static boolean isStandard(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  /** Whether there are nodes of this operator that are read. */
  static boolean knows(NodeProto node) {
    return isStandard(node.getDomain()) && OPERATORS.containsKey(node.getOpType());
  }

  /** Whether the node looks at extents alone. */
  static boolean isShape(NodeProto node) {
    return isStandard(node.getDomain())
        && (node.getOpType().equals("Shape") || node.getOpType().equals("Size"));
  }

  /**
   * @throws IllegalArgumentException saying why the node is refused, without its name
   */
  static void read(NodeProto file, OnnxImport imported) {
    if (!isStandard(file.getDomain())) {
      throw new IllegalArgumentException("unknown operation of domain " + file.getDomain());
    }
    OnnxCall call = new OnnxCall(file, imported);
    if (imported.folding().applies(file)) {
      imported.folding().fold(file);
      return;
    }
    if (isShape(file)) {
      imported.folding().extents(file, imported.extents(call.flow(0)));
      return;
    }
    Consumer<OnnxCall> operator = OPERATORS.get(file.getOpType());
    if (operator == null) {
      throw new IllegalArgumentException("unknown operation");
    }
    if (!file.getOpType().equals("Split")) {
      call.output();
    }
    operator.accept(call);
    call.attributes().requireNoneLeft();
  }

  private static void unary(OnnxCall call, Operation operation) {
    call.inputs(1, 1);
    call.emit(call.flow(0), operation);
  }

  private static Operation curve(Operation.Curve curve) {
    return new Operation.Activation(curve);
  }

  private static void batchNorm(OnnxCall call) {
    call.attributes().expect("training_mode", 0);
    call.attributes().expect("spatial", 1);
    // How fast training moves the stored statistics; without meaning for what the node computes.
    call.attributes().number("momentum", 0);
    call.inputs(5, 5);
    Operation norm = new Operation.BatchNorm(call.attributes().number("epsilon", 1e-5f));
    String[] parameters = new String[4];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = call.constant(i + 1);
    }
    OnnxFlow x = call.flow(0);
    if (x.layout().equals(OnnxLayout.VECTOR)) {
      OnnxFlow image = call.step(x, "image", new Operation.Unflatten());
      call.emit(call.step(image, "norm", norm, parameters), new Operation.Flatten());
    } else {
      call.emit(call.flow(0, OnnxLayout.FIRST), norm, parameters);
    }
  }

  private static void channelNorm(OnnxCall call) {
    call.inputs(2, 3);
    call.attributes().expect("stash_type", 1);
    OnnxFlow x = call.flow(0, OnnxLayout.LAST);
    int axis = OnnxAxes.axis(call.attributes().signed("axis", -1), x.layout().rank());
    if (axis != x.layout().channelAxis()) {
      throw call.misfit("a norm over the channels, not from axis " + axis + " on", x);
    }
    Operation norm = new Operation.ChannelNorm(call.attributes().number("epsilon", 1e-5f));
    String bias =
        call.has(2)
            ? call.constant(2)
            : call.constants()
                .derived(
                    call.output() + "/bias", Tensor.vector(new float[call.shape(x).dimension(0)]));
    call.emit(x, norm, call.constant(1), bias);
  }

  private static void clip(OnnxCall call) {
    call.inputs(1, 3);
    float low = bound(call, 1, "min", Float.NEGATIVE_INFINITY);
    float high = bound(call, 2, "max", Float.POSITIVE_INFINITY);
    boolean unbounded = low <= -Float.MAX_VALUE && high >= Float.MAX_VALUE;
    if (unbounded) {
      call.alias(call.flow(0));
    } else if (low == 0 && high >= Float.MAX_VALUE) {
      call.emit(call.flow(0), new Operation.Relu());
    } else {
      call.emit(call.flow(0), new Operation.Clip(low, high));
    }
  }

  /** An attribute until opset 10, an input from opset 11 on. */
  private static float bound(OnnxCall call, int index, String attribute, float none) {
    return call.has(index)
        ? call.constants().scalar(call.constant(index))
        : call.attributes().number(attribute, none);
  }

  private static void leakyRelu(OnnxCall call) {
    unary(call, new Operation.LeakyRelu(call.attributes().number("alpha", 0.01f)));
  }

  private static void parametricRelu(OnnxCall call) {
    call.inputs(2, 2);
    float slope = call.constants().scalar(call.constant(1));
    call.emit(call.flow(0), new Operation.LeakyRelu(slope));
  }

  private static void hardSigmoid(OnnxCall call) {
    float alpha = call.attributes().number("alpha", 0.2f);
    float beta = call.attributes().number("beta", 0.5f);
    call.inputs(1, 1);
    OnnxFlow x = call.flow(0);
    if (Math.abs(alpha - 1f / 6) > SIXTH_TOLERANCE || beta != 0.5f) {
      // clip(a·x + b, 0, 1) is the curve clip(y / 6 + 1/2, 0, 1) of y = 6·a·x + 6·b − 3.
      x = new OnnxArithmetic(call).line(x, 6 * alpha, (float) (6.0 * beta - 3));
    }
    call.emit(x, curve(Operation.Curve.HARD_SIGMOID));
  }

  private static void gelu(OnnxCall call) {
    String approximation = call.attributes().text("approximate", "none");
    if (!approximation.equals("none")) {
      throw new IllegalArgumentException("expected approximate none, found " + approximation);
    }
    unary(call, curve(Operation.Curve.GELU));
  }

  private static void globalAveragePool(OnnxCall call) {
    call.inputs(1, 1);
    call.emit(call.flow(0, OnnxLayout.FIRST), new Operation.GlobalAveragePool());
  }

  /** What runtimes do with it: nothing, unless the file is one for training. */
  private static void dropout(OnnxCall call) {
    call.inputs(1, 3);
    if (call.has(2) && call.constants().constant(call.constant(2)).integers()[0] != 0) {
      throw new IllegalArgumentException("expected no dropout in training mode");
    }
    // A file has no state from which masks could be drawn again.
    call.attributes().integer("seed", 0);
    float rate =
        call.has(1)
            ? call.constants().scalar(call.constant(1))
            : call.attributes().number("ratio", 0.5f);
    call.emit(call.flow(0), new Operation.Dropout(rate));
  }

  private static void cast(OnnxCall call) {
    int to = call.attributes().integer("to", 0);
    if (!Constant.isSingle(to) && to != DataType.DOUBLE_VALUE) {
      throw new IllegalArgumentException(
          "expected a cast to floats, found " + DataType.forNumber(to));
    }
    call.alias(call.flow(0));
  }
}

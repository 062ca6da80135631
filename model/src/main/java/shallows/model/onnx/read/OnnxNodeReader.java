package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Map;
import java.util.function.Consumer;
import shallows.model.graph.Operation;
import shallows.model.onnx.constant.ElementTypes;

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
          Map.entry("ConvTranspose", call -> new OnnxConvTranspose(call).read()),
          Map.entry("MaxPool", call -> new OnnxPools(call).maxPool()),
          Map.entry("AveragePool", call -> new OnnxPools(call).averagePool()),
          Map.entry("Pad", call -> new OnnxPads(call).pad()),
          Map.entry("LpPool", call -> new OnnxPools(call).lpPool()),
          Map.entry("LRN", call -> new OnnxNorms(call).localResponseNorm()),
          Map.entry("SpaceToDepth", call -> new OnnxBlocks(call).spaceToDepth()),
          Map.entry("DepthToSpace", call -> new OnnxBlocks(call).depthToSpace()),
          Map.entry("Resize", call -> new OnnxResize(call).resize()),
          Map.entry("Upsample", call -> new OnnxResize(call).resize()),
          Map.entry("BatchNormalization", call -> new OnnxNorms(call).batchNorm()),
          Map.entry("LayerNormalization", call -> new OnnxNorms(call).layerNorm()),
          Map.entry("InstanceNormalization", call -> new OnnxNorms(call).instanceNorm()),
          Map.entry("GroupNormalization", call -> new OnnxNorms(call).groupNorm()),
          Map.entry("LpNormalization", call -> new OnnxAxes(call).lpNormalization()),
          Map.entry("Relu", call -> unary(call, new Operation.Relu())),
          Map.entry("Clip", OnnxNodeReader::clip),
          Map.entry("LeakyRelu", OnnxNodeReader::leakyRelu),
          Map.entry("PRelu", call -> new OnnxArithmetic(call).parametricRelu()),
          Map.entry("Sigmoid", call -> unary(call, curve(Operation.Curve.SIGMOID))),
          Map.entry("Tanh", call -> unary(call, curve(Operation.Curve.TANH))),
          Map.entry("Softplus", call -> unary(call, curve(Operation.Curve.SOFTPLUS))),
          Map.entry("Exp", call -> unary(call, curve(Operation.Curve.EXP))),
          Map.entry("Log", call -> unary(call, curve(Operation.Curve.LOG))),
          Map.entry("Abs", call -> unary(call, curve(Operation.Curve.ABS))),
          Map.entry("Sqrt", call -> unary(call, new Operation.Power(0.5f))),
          Map.entry("Reciprocal", call -> unary(call, new Operation.Power(-1))),
          Map.entry("Elu", OnnxNodeReader::elu),
          Map.entry("Selu", OnnxNodeReader::selu),
          Map.entry("Celu", OnnxNodeReader::celu),
          Map.entry("Mish", OnnxNodeReader::mish),
          Map.entry("HardSigmoid", OnnxNodeReader::hardSigmoid),
          Map.entry("HardSwish", call -> unary(call, curve(Operation.Curve.HARD_SWISH))),
          Map.entry("Gelu", OnnxNodeReader::gelu),
          Map.entry("Neg", call -> unary(call, new Operation.Scale(-1))),
          Map.entry("Add", call -> new OnnxArithmetic(call).read(Operation.Function.ADD)),
          Map.entry("Sum", call -> new OnnxArithmetic(call).read(Operation.Function.ADD)),
          Map.entry("Sub", call -> new OnnxArithmetic(call).read(Operation.Function.SUBTRACT)),
          Map.entry("Mul", call -> new OnnxArithmetic(call).read(Operation.Function.MULTIPLY)),
          Map.entry("Div", call -> new OnnxArithmetic(call).read(Operation.Function.DIVIDE)),
          Map.entry("Min", call -> new OnnxArithmetic(call).read(Operation.Function.MINIMUM)),
          Map.entry("Max", call -> new OnnxArithmetic(call).read(Operation.Function.MAXIMUM)),
          Map.entry("Pow", call -> new OnnxArithmetic(call).power()),
          Map.entry("Gemm", call -> new OnnxMatrices(call).gemm()),
          Map.entry("MatMul", call -> new OnnxMatrices(call).matMul()),
          Map.entry("Einsum", call -> new OnnxMatrices(call).einsum()),
          Map.entry(
              "GlobalAveragePool", call -> new OnnxAxes(call).globalPool(Operation.Statistic.MEAN)),
          Map.entry(
              "GlobalMaxPool", call -> new OnnxAxes(call).globalPool(Operation.Statistic.MAXIMUM)),
          Map.entry("ReduceMean", call -> new OnnxAxes(call).reduceMean()),
          Map.entry("ReduceMax", call -> new OnnxAxes(call).reduceMax()),
          Map.entry("ReduceMin", call -> new OnnxAxes(call).reduceMin()),
          Map.entry("ReduceSum", call -> new OnnxAxes(call).reduceSum()),
          Map.entry("ReduceL2", call -> new OnnxAxes(call).reduceL2()),
          Map.entry("ReduceL1", call -> new OnnxAxes(call).reduceSumOf(curve(Operation.Curve.ABS))),
          Map.entry(
              "ReduceSumSquare", call -> new OnnxAxes(call).reduceSumOf(new Operation.Power(2))),
          Map.entry("Softmax", call -> new OnnxAxes(call).softmax(false)),
          Map.entry("LogSoftmax", call -> new OnnxAxes(call).softmax(true)),
          Map.entry("Concat", call -> new OnnxConcat(call).concat()),
          Map.entry("Split", call -> new OnnxSlices(call).split()),
          Map.entry("Slice", call -> new OnnxSlices(call).slice()),
          Map.entry("Gather", call -> new OnnxSlices(call).gather()),
          Map.entry("Flatten", call -> new OnnxReshape(call).flatten()),
          Map.entry("Reshape", call -> new OnnxReshape(call).reshape()),
          Map.entry("Squeeze", call -> new OnnxReshape(call).squeeze()),
          Map.entry("Unsqueeze", call -> new OnnxReshape(call).unsqueeze()),
          Map.entry("Expand", call -> new OnnxReshape(call).expand()),
          Map.entry("Transpose", call -> new OnnxAxes(call).transpose()),
          Map.entry("Identity", call -> call.alias(call.flow(0))),
          Map.entry("QuantizeLinear", call -> call.imported().integers().quantize(call)),
          Map.entry("DequantizeLinear", call -> call.imported().integers().dequantize(call)),
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
      OnnxLayout layout =
          call.scores(0).map(OnnxScores::layout).orElseGet(() -> call.flow(0).layout());
      imported.folding().extents(file, layout.extents(imported.images()));
      return;
    }
    if (imported.integers().handsOn(file)) {
      imported.integers().handOn(call);
      call.attributes().requireNoneLeft();
      return;
    }
    if (!file.getOpType().equals("DequantizeLinear")) {
      file.getInputList().stream()
          .filter(imported.integers()::are)
          .findFirst()
          .ifPresent(
              name -> {
                throw new IllegalArgumentException(
                    "expected a DequantizeLinear behind the integers '" + name + "'");
              });
    }
    Consumer<OnnxCall> operator = OPERATORS.get(file.getOpType());
    if (operator == null) {
      throw new IllegalArgumentException("unknown operation");
    }
    if (!file.getOpType().equals("Split")) {
      call.output();
    }
    if (call.readsScores()) {
      new OnnxScoring(call).read();
    } else {
      operator.accept(call);
    }
    call.attributes().requireNoneLeft();
  }

  private static void unary(OnnxCall call, Operation operation) {
    call.inputs(1, 1);
    call.emit(call.flow(0), operation);
  }

  private static Operation curve(Operation.Curve curve) {
    return new Operation.Activation(curve);
  }

  /** α·(eˣ − 1) below 0: the curve is that for α = 1. */
  private static void elu(OnnxCall call) {
    call.inputs(1, 1);
    elu(call, call.flow(0), call.attributes().number("alpha", 1), 1);
  }

  private static void selu(OnnxCall call) {
    call.inputs(1, 1);
    float alpha = call.attributes().number("alpha", 1.6732632f);
    elu(call, call.flow(0), alpha, call.attributes().number("gamma", 1.0507010f));
  }

  /** α·(e^(x/α) − 1) below 0. */
  private static void celu(OnnxCall call) {
    call.inputs(1, 1);
    float alpha = call.attributes().number("alpha", 1);
    OnnxFlow x = call.flow(0);
    if (alpha == 1) {
      call.emit(x, curve(Operation.Curve.ELU));
      return;
    }
    OnnxFlow small = call.step(x, "quotient", new Operation.Scale(1 / alpha));
    OnnxFlow bent = call.step(small, "curve", curve(Operation.Curve.ELU));
    call.emit(bent, new Operation.Scale(alpha));
  }

  private static void elu(OnnxCall call, OnnxFlow x, float alpha, float factor) {
    if (alpha == 1 && factor == 1) {
      call.emit(x, curve(Operation.Curve.ELU));
      return;
    }
    OnnxFlow positive = call.step(x, "positive", new Operation.Relu());
    Operation below = new Operation.Clip(Float.NEGATIVE_INFINITY, 0);
    OnnxFlow bent = call.step(call.step(x, "below", below), "curve", curve(Operation.Curve.ELU));
    OnnxFlow negative = call.step(bent, "negative", new Operation.Scale(alpha));
    if (factor == 1) {
      new OnnxArithmetic(call).combine(Operation.Function.ADD, positive, negative);
    } else {
      OnnxFlow sum =
          new OnnxArithmetic(call).stepOf("sum", Operation.Function.ADD, positive, negative);
      call.emit(sum, new Operation.Scale(factor));
    }
  }

  /** x·tanh(log(1 + eˣ)). */
  private static void mish(OnnxCall call) {
    call.inputs(1, 1);
    OnnxFlow x = call.flow(0);
    OnnxFlow softplus = call.step(x, "softplus", curve(Operation.Curve.SOFTPLUS));
    OnnxFlow gate = call.step(softplus, "gate", curve(Operation.Curve.TANH));
    new OnnxArithmetic(call).combine(Operation.Function.MULTIPLY, x, gate);
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

  private static void hardSigmoid(OnnxCall call) {
    float alpha = call.attributes().number("alpha", 0.2f);
    float beta = call.attributes().number("beta", 0.5f);
    call.inputs(1, 1);
    OnnxFlow x = call.flow(0);
    if (Math.abs(alpha - 1f / 6) > SIXTH_TOLERANCE || beta != 0.5f) {
      // clip(a·x + b, 0, 1) is the curve clip(y / 6 + 1/2, 0, 1) of y = 6·a·x + 6·b − 3.
      x = new OnnxAffine(call).line(x, 6 * alpha, (float) (6.0 * beta - 3));
    }
    call.emit(x, curve(Operation.Curve.HARD_SIGMOID));
  }

  private static void gelu(OnnxCall call) {
    String approximation = call.attributes().text("approximate", "none");
    if (!approximation.equals("none") && !approximation.equals("tanh")) {
      throw new IllegalArgumentException(
          "expected approximate none or tanh, found " + approximation);
    }
    boolean exact = approximation.equals("none");
    unary(call, curve(exact ? Operation.Curve.GELU : Operation.Curve.GELU_TANH));
  }

  /** What runtimes do with it: nothing, unless the file is one for training. */
  private static void dropout(OnnxCall call) {
    float rate = dropoutRate(call);
    if (rate == 0) {
      call.alias(call.flow(0));
    } else {
      call.emit(call.flow(0), new Operation.Dropout(rate));
    }
  }

  static float dropoutRate(OnnxCall call) {
    call.inputs(1, 3);
    // A file has no state from which masks could be drawn again.
    call.attributes().integer("seed", 0);
    float rate =
        call.has(1)
            ? call.constants().scalar(call.constant(1))
            : call.attributes().number("ratio", 0.5f);
    boolean training =
        call.has(2) && call.constants().constant(call.constant(2)).integers()[0] != 0;
    if (training && rate != 0) {
      throw new IllegalArgumentException("expected no dropout in training mode");
    }
    return rate;
  }

  private static void cast(OnnxCall call) {
    requireFloats(call);
    call.alias(call.flow(0));
  }

  static void requireFloats(OnnxCall call) {
    int to = call.attributes().integer("to", 0);
    if (!ElementTypes.isSingle(to) && to != DataType.DOUBLE_VALUE) {
      throw new IllegalArgumentException(
          "expected a cast to floats, found " + ElementTypes.words(to));
    }
  }
}

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
          Map.entry("GridSample", call -> new OnnxGridSample(call).read()),
          Map.entry("Upsample", call -> new OnnxResize(call).resize()),
          Map.entry("BatchNormalization", call -> new OnnxNorms(call).batchNorm()),
          Map.entry("LayerNormalization", call -> new OnnxNorms(call).layerNorm()),
          Map.entry("InstanceNormalization", call -> new OnnxNorms(call).instanceNorm()),
          Map.entry("GroupNormalization", call -> new OnnxNorms(call).groupNorm()),
          Map.entry("RMSNormalization", call -> new OnnxAxisNorms(call).rootMeanSquareNorm()),
          Map.entry("Attention", call -> new OnnxAttentionOperator(call).read()),
          Map.entry("LpNormalization", call -> new OnnxAxisNorms(call).lpNormalization()),
          Map.entry("Relu", call -> unary(call, new Operation.Relu())),
          Map.entry("Clip", OnnxActivations::clip),
          Map.entry("LeakyRelu", OnnxActivations::leakyRelu),
          Map.entry("PRelu", call -> new OnnxArithmetic(call).parametricRelu()),
          Map.entry("Sigmoid", call -> unary(call, curve(Operation.Curve.SIGMOID))),
          Map.entry("Tanh", call -> unary(call, curve(Operation.Curve.TANH))),
          Map.entry("Softplus", call -> unary(call, curve(Operation.Curve.SOFTPLUS))),
          Map.entry("Exp", call -> unary(call, curve(Operation.Curve.EXP))),
          Map.entry("Log", call -> unary(call, curve(Operation.Curve.LOG))),
          Map.entry("Abs", call -> unary(call, curve(Operation.Curve.ABS))),
          Map.entry("Sqrt", call -> unary(call, new Operation.Power(0.5f))),
          Map.entry("Reciprocal", call -> unary(call, new Operation.Power(-1))),
          Map.entry("Elu", OnnxActivations::elu),
          Map.entry("Selu", OnnxActivations::selu),
          Map.entry("Celu", OnnxActivations::celu),
          Map.entry("Mish", OnnxActivations::mish),
          Map.entry("HardSigmoid", OnnxActivations::hardSigmoid),
          Map.entry("Swish", OnnxActivations::swish),
          Map.entry("Softsign", OnnxActivations::softsign),
          Map.entry("HardSwish", call -> unary(call, curve(Operation.Curve.HARD_SWISH))),
          Map.entry("Gelu", OnnxActivations::gelu),
          Map.entry("Neg", call -> unary(call, new Operation.Scale(-1))),
          Map.entry("Add", call -> new OnnxArithmetic(call).read(Operation.Function.ADD)),
          Map.entry("Sum", call -> new OnnxArithmetic(call).read(Operation.Function.ADD)),
          Map.entry("Sub", call -> new OnnxArithmetic(call).read(Operation.Function.SUBTRACT)),
          Map.entry("Mul", call -> new OnnxArithmetic(call).read(Operation.Function.MULTIPLY)),
          Map.entry("Div", call -> new OnnxArithmetic(call).read(Operation.Function.DIVIDE)),
          Map.entry("Mean", call -> new OnnxArithmetic(call).mean()),
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
          Map.entry("ReduceLogSumExp", call -> new OnnxAxes(call).reduceLogSumExp()),
          Map.entry("GlobalLpPool", call -> new OnnxAxes(call).globalLpPool()),
          Map.entry(
              "MeanVarianceNormalization",
              call -> new OnnxAxisNorms(call).meanVarianceNormalization()),
          Map.entry("Softmax", call -> new OnnxAxisNorms(call).softmax(false)),
          Map.entry("LogSoftmax", call -> new OnnxAxisNorms(call).softmax(true)),
          Map.entry("Concat", call -> new OnnxConcat(call).concat()),
          Map.entry("Split", call -> new OnnxSlices(call).split()),
          Map.entry("Slice", call -> new OnnxSlices(call).slice()),
          Map.entry("Gather", call -> new OnnxSlices(call).gather()),
          Map.entry("Flatten", call -> new OnnxReshape(call).flatten()),
          Map.entry("Reshape", call -> new OnnxReshape(call).reshape()),
          Map.entry("Squeeze", call -> new OnnxReshape(call).squeeze()),
          Map.entry("Unsqueeze", call -> new OnnxReshape(call).unsqueeze()),
          Map.entry("Expand", call -> new OnnxReshape(call).expand()),
          Map.entry("Tile", call -> new OnnxReshape(call).tile()),
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

  static void unary(OnnxCall call, Operation operation) {
    call.inputs(1, 1);
    call.emit(call.flow(0), operation);
  }

  static Operation curve(Operation.Curve curve) {
    return new Operation.Activation(curve);
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

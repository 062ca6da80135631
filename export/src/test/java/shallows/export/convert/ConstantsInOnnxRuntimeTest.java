package shallows.export.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import shallows.model.onnx.constant.Constant;
import shallows.model.onnx.constant.ConstantOperators;
import shallows.model.onnx.constant.ExternalData;
import shallows.model.onnx.constant.OnnxTensorReader;

/**
 * What is computed of constants is what ONNX Runtime computes of them, shape and type too. A case
 * for each operator, so it is as long as the list of them.
 */
class ConstantsInOnnxRuntimeTest {
  /** Of floats of size 1 to 10, by an operation or a sum of a few. */
  private static final double ROUNDING = 1e-5;

  /** ONNX Runtime has the places of old numbers in single precision. */
  private static final double PLACES = 1e-4;

  private static final TensorProto X = floats(List.of(2, 3, 4), 0.3);
  private static final TensorProto Y = floats(List.of(3, 1), 1.7);
  private static final TensorProto ROW = integers(5, 3, 0, 2);
  private static final TensorProto MATRIX = floats(List.of(4, 3), 0.9);
  private static final TensorProto IMAGE = floats(List.of(1, 3, 4, 5), 0.5);
  private static final TensorProto CHANNELS = floats(List.of(3), 2.1);
  private static final TensorProto TRUE_FALSE =
      TensorProto.newBuilder()
          .setDataType(DataType.BOOL_VALUE)
          .addDims(3)
          .addDims(1)
          .addInt32Data(1)
          .addInt32Data(0)
          .addInt32Data(1)
          .build();
  private static final TensorProto BYTES =
      TensorProto.newBuilder()
          .setDataType(DataType.INT8_VALUE)
          .addDims(3)
          .addDims(2)
          .setRawData(ByteString.copyFrom(new byte[] {-128, 127, 0, 5, -5, 100}))
          .build();

  record Case(int opset, NodeProto node, List<TensorProto> inputs) {
    @Override
    public String toString() {
      return node.getOpType()
          + " "
          + node.getAttributeList().stream().map(a -> a.getName()).toList();
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (String curve :
        List.of(
            "Sqrt",
            "Exp",
            "Log",
            "Reciprocal",
            "Floor",
            "Ceil",
            "Round",
            "Erf",
            "Tanh",
            "Sin",
            "Cos",
            "Tan",
            "Sigmoid",
            "Softplus",
            "Neg",
            "Abs",
            "Sign",
            "Relu",
            "IsNaN",
            "IsInf",
            "LeakyRelu",
            "HardSigmoid",
            "Identity",
            "Shape",
            "Size",
            "Flatten",
            "Transpose",
            "Squeeze",
            "ReduceL1",
            "ReduceLogSum",
            "ReduceLogSumExp",
            "ReduceMax",
            "ReduceMean",
            "ReduceMin",
            "ReduceProd",
            "ReduceL2",
            "ReduceSum",
            "ReduceSumSquare",
            "ArgMax",
            "ArgMin",
            "Softmax",
            "NonZero")) {
      cases.add(of(17, node(curve), X));
    }
    for (String two :
        List.of(
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Pow",
            "Min",
            "Max",
            "Sum",
            "Mean",
            "Equal",
            "Less",
            "LessOrEqual",
            "Greater",
            "GreaterOrEqual")) {
      cases.add(of(17, node(two), X, Y));
    }
    for (String two : List.of("Add", "Sub", "Mul", "Min", "Max", "Mod", "Equal", "Less")) {
      cases.add(of(17, node(two), ROW, integers(-2)));
    }
    cases.add(of(17, node("Pow"), ROW, integers(3)));
    cases.add(of(17, node("Div"), integers(-7, 7), integers(2)));
    cases.add(of(17, node("Mod", integer("fmod", 1)), integers(-7, 7), integers(3)));
    cases.add(of(17, node("Not"), TRUE_FALSE));
    cases.add(of(17, node("Where"), TRUE_FALSE, X, Y));
    cases.add(of(17, node("And"), TRUE_FALSE, TRUE_FALSE));
    for (int type : new int[] {1, 6, 7, 9, 11, 2, 3}) {
      cases.add(of(17, node("Cast", integer("to", type)), X));
      cases.add(of(17, node("Cast", integer("to", type)), ROW));
    }
    cases.add(of(17, node("CastLike"), X, ROW));
    cases.add(of(17, node("Clip"), X, number(0.4f), number(0.9f)));
    cases.add(of(17, node("Shape", integer("start", -2), integer("end", -1)), X));
    cases.add(of(17, node("Reshape"), X, integers(0, -1)));
    cases.add(of(17, node("Flatten", integer("axis", -1)), X));
    cases.add(of(17, node("Transpose", ints("perm", 1, 2, 0)), X));
    cases.add(of(17, node("Squeeze"), Y, integers(-1)));
    cases.add(of(17, node("Unsqueeze"), X, integers(0, -1)));
    cases.add(of(11, node("Unsqueeze", ints("axes", 1, 4)), X));
    cases.add(of(17, node("Expand"), Y, integers(2, 1, 4)));
    cases.add(of(17, node("ConstantOfShape"), integers(2, 0, 3)));
    cases.add(of(17, node("Range"), scalar(9), scalar(-2), scalar(-3)));
    cases.add(of(17, node("EyeLike", integer("k", 1)), MATRIX));
    cases.add(of(17, node("Gather", integer("axis", -1)), X, integers(3, -4)));
    cases.add(of(17, node("Gather"), ROW, scalar(-1)));
    cases.add(of(17, node("GatherElements", integer("axis", 1)), MATRIX, matrix(4, 1, 2, 0, 1, 2)));
    cases.add(of(17, node("GatherND"), X, matrix(2, 2, 0, 1, 1, 2)));
    cases.add(of(17, node("ScatterND"), X, matrix(1, 2, 1, 2), floats(List.of(1, 4), 9)));
    cases.add(
        of(
            17,
            node("Slice"),
            X,
            integers(-1, 3),
            integers(-99, 0),
            integers(1, 2),
            integers(-1, -2)));
    cases.add(of(17, node("Slice"), X, integers(1), integers(99), integers(-1), integers(2)));
    cases.add(
        of(9, node("Slice", ints("starts", 0, 1), ints("ends", 1, -1), ints("axes", 0, 2)), X));
    cases.add(of(17, node("Concat", integer("axis", -2)), X, X));
    cases.add(of(17, node("Tile"), MATRIX, integers(2, 3)));
    cases.add(of(17, node("Pad"), MATRIX, integers(1, 0, 2, -1), number(7)));
    cases.add(of(17, node("Trilu", integer("upper", 0)), MATRIX, scalar(-1)));
    cases.add(of(17, node("ReduceSum", integer("keepdims", 0)), X, integers(0, -1)));
    cases.add(of(17, node("ReduceMean", ints("axes", -2)), X));
    cases.add(of(17, node("ArgMax", integer("axis", 2), integer("keepdims", 0)), X));
    cases.add(of(17, node("CumSum", integer("exclusive", 1), integer("reverse", 1)), X, scalar(1)));
    cases.add(of(17, node("CumSum"), X, scalar(-1)));
    cases.add(of(17, node("Softmax", integer("axis", 1)), X));
    cases.add(of(11, node("Softmax", integer("axis", 1)), X));
    cases.add(of(17, node("MatMul"), X, MATRIX));
    cases.add(of(17, node("MatMul"), floats(List.of(4), 1), MATRIX));
    cases.add(of(17, node("Gemm", integer("transA", 1), real("alpha", 0.5f)), MATRIX, MATRIX));
    cases.add(
        of(
            17,
            node("Gemm", integer("transB", 1), real("beta", 2)),
            MATRIX,
            MATRIX,
            floats(List.of(1, 4), 3)));
    cases.add(of(17, node("Einsum", text("equation", "abc,cd->bd")), X, MATRIX));
    cases.add(of(17, node("Einsum", text("equation", "ij,ij")), MATRIX, MATRIX));
    cases.add(of(15, node("BatchNormalization"), IMAGE, CHANNELS, CHANNELS, CHANNELS, CHANNELS));
    cases.add(of(17, node("DequantizeLinear", integer("axis", 0)), BYTES, CHANNELS));
    cases.add(of(17, node("QuantizeLinear", integer("axis", 1)), IMAGE, CHANNELS));
    cases.addAll(resized());
    return cases.stream();
  }

  /** To more and fewer rows and columns, as position embeddings are. */
  private static List<Case> resized() {
    List<Case> cases = new ArrayList<>();
    for (TensorProto size : List.of(integers(1, 3, 7, 3), integers(1, 3, 3, 11))) {
      for (String mode : List.of("nearest", "linear", "cubic")) {
        for (String coordinates :
            List.of("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric")) {
          cases.add(resized(size, text("mode", mode), coordinates(coordinates)));
        }
      }
      for (String rounding : List.of("floor", "ceil", "round_prefer_ceil")) {
        cases.add(resized(size, text("nearest_mode", rounding), coordinates("half_pixel")));
      }
      AttributeProto cubic = text("mode", "cubic");
      cases.add(resized(size, cubic, integer("exclude_outside", 1)));
      cases.add(resized(size, cubic, real("cubic_coeff_a", -0.5f)));
      cases.add(resized(size, cubic, integer("antialias", 1)));
      cases.add(resized(size, text("mode", "linear"), integer("antialias", 1)));
    }
    TensorProto scales =
        TensorProto.newBuilder()
            .setDataType(DataType.FLOAT_VALUE)
            .addDims(4)
            .addFloatData(1)
            .addFloatData(1)
            .addFloatData(1.7f)
            .addFloatData(0.6f)
            .build();
    for (String mode : List.of("linear", "cubic")) {
      cases.add(of(17, node("Resize", text("mode", mode)), IMAGE, floats(List.of(0), 0), scales));
    }
    cases.add(of(10, node("Resize"), IMAGE, scales));
    cases.add(of(9, node("Upsample", text("mode", "linear")), IMAGE, whole(scales)));
    return cases;
  }

  private static TensorProto whole(TensorProto scales) {
    return scales.toBuilder().setFloatData(2, 2).setFloatData(3, 3).build();
  }

  private static Case resized(TensorProto size, AttributeProto... attributes) {
    TensorProto none = floats(List.of(0), 0);
    return of(18, node("Resize", attributes), IMAGE, none, none, size);
  }

  private static AttributeProto coordinates(String mode) {
    return text("coordinate_transformation_mode", mode);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void givesWhatOnnxRuntimeGives(Case each) throws Exception {
    OnnxTensorReader reader = new OnnxTensorReader(ExternalData.NONE);
    List<Constant> inputs = each.inputs().stream().map(reader::read).toList();
    Constant found = ConstantOperators.apply(each.node(), inputs, each.opset()).get(0);
    try (OrtSession session =
            OrtEnvironment.getEnvironment().createSession(model(each).toByteArray());
        OrtSession.Result result = session.run(Map.of())) {
      OnnxTensor expected = (OnnxTensor) result.get(0);
      TensorInfo info = expected.getInfo();
      assertArrayEquals(info.getShape(), Arrays.stream(found.extents()).asLongStream().toArray());
      assertEquals(info.onnxType.name(), "ONNX_TENSOR_ELEMENT_DATA_TYPE_" + found.type().name());
      double[] numbers = numbers(expected);
      assertEquals(numbers.length, found.size());
      float[] floats = found.isFloating() && numbers.length > 0 ? found.tensor().values() : null;
      double rounding = each.node().getOpType().equals("Resize") ? PLACES : ROUNDING;
      for (int i = 0; i < numbers.length; i++) {
        double own = floats == null ? found.integers()[i] : floats[i];
        assertEquals(numbers[i], own, rounding * Math.max(1, Math.abs(numbers[i])));
      }
    }
  }

  private static double[] numbers(OnnxTensor tensor) {
    TensorInfo info = tensor.getInfo();
    ByteBuffer bytes = tensor.getByteBuffer().order(ByteOrder.nativeOrder());
    int size = (int) info.getNumElements();
    double[] numbers = new double[size];
    for (int i = 0; i < size; i++) {
      numbers[i] =
          switch (info.type) {
            case FLOAT -> bytes.getFloat(4 * i);
            case DOUBLE -> bytes.getDouble(8 * i);
            case INT64 -> bytes.getLong(8 * i);
            case INT32 -> bytes.getInt(4 * i);
            case UINT8 -> bytes.get(i) & 0xff;
            case INT8, BOOL -> bytes.get(i);
            default -> throw new AssertionError("a type that no case has: " + info.type);
          };
    }
    return numbers;
  }

  private static ModelProto model(Case each) {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("constants");
    NodeProto.Builder node = each.node().toBuilder();
    for (int i = 0; i < each.inputs().size(); i++) {
      graph.addInitializer(each.inputs().get(i).toBuilder().setName("input" + i));
      node.addInput("input" + i);
    }
    graph.addNode(node).addOutput(ValueInfoProto.newBuilder().setName("y"));
    ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8).setGraph(graph);
    model.addOpsetImportBuilder().setVersion(each.opset());
    return model.build();
  }

  private static Case of(int opset, NodeProto node, TensorProto... inputs) {
    return new Case(opset, node, List.of(inputs));
  }

  private static NodeProto node(String operator, AttributeProto... attributes) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .addAllAttribute(List.of(attributes))
        .addOutput("y")
        .build();
  }

  private static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  private static AttributeProto real(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  private static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  private static AttributeProto ints(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  /** Different numbers, none of them whole and all positive. */
  private static TensorProto floats(List<Integer> extents, double begin) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setDataType(DataType.FLOAT_VALUE);
    int size = 1;
    for (int extent : extents) {
      tensor.addDims(extent);
      size *= extent;
    }
    for (int i = 0; i < size; i++) {
      tensor.addFloatData((float) (begin + 0.37 * (i * 5 % size)));
    }
    return tensor.build();
  }

  private static TensorProto number(float value) {
    return TensorProto.newBuilder().setDataType(DataType.FLOAT_VALUE).addFloatData(value).build();
  }

  private static TensorProto scalar(long value) {
    return TensorProto.newBuilder().setDataType(DataType.INT64_VALUE).addInt64Data(value).build();
  }

  private static TensorProto integers(long... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setDataType(DataType.INT64_VALUE).addDims(values.length);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    return tensor.build();
  }

  private static TensorProto matrix(int rows, int columns, long... values) {
    return integers(values).toBuilder().clearDims().addDims(rows).addDims(columns).build();
  }
}

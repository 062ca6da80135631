package shallows.export.convert;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import java.util.Random;

/**
 * A small classifier of random operators, whose shape is followed along. One method for each kind
 * of operator, so it is as long as the list of them.
 */
final class RandomModel {
  private static final int OPSET = 17;
  private static final int CLASSES = 3;

  private final Random random;
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("random");
  private String value = "x";
  private int channels;
  private int height;
  private int width;

  RandomModel(long seed) {
    random = new Random(seed);
    channels = 1 + random.nextInt(6);
    height = 4 + random.nextInt(9);
    width = 4 + random.nextInt(9);
    graph.addInput(tensor("x", 1, channels, height, width));
    for (int i = 2 + random.nextInt(6); i > 0; i--) {
      step(random.nextInt(15));
    }
    classifier();
  }

  byte[] bytes() {
    ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8).setGraph(graph);
    model.addOpsetImportBuilder().setVersion(OPSET);
    return model.build().toByteArray();
  }

  private void step(int kind) {
    switch (kind) {
      case 0, 1 -> conv(channels % 2 == 0 && random.nextBoolean() ? 2 : 1);
      case 2 -> conv(channels);
      case 3 -> pool("MaxPool");
      case 4 -> pool("AveragePool");
      case 5 -> norm();
      case 6 -> curve();
      case 7 -> residual();
      case 8 -> gate();
      case 9 -> constant();
      case 10 -> layerNorm();
      case 11 -> pad();
      case 12 -> attention();
      case 13 -> tile();
      default -> split();
    }
  }

  private void conv(int groups) {
    int kernel = 1 + random.nextInt(3);
    int dilation = 1 + random.nextInt(2);
    int reach = dilation * (kernel - 1) + 1;
    int[] pads = {side(2), side(2), side(2), side(2)};
    int stride = 1 + random.nextInt(2);
    if (height + pads[0] + pads[2] < reach || width + pads[1] + pads[3] < reach) {
      return;
    }
    int outputs = groups * (1 + random.nextInt(3));
    String weight = numbers(outputs, channels / groups, kernel, kernel);
    String[] inputs =
        random.nextBoolean()
            ? new String[] {value, weight}
            : new String[] {value, weight, numbers(outputs)};
    node("Conv", inputs)
        .addAttribute(ints("pads", pads))
        .addAttribute(ints("strides", stride, stride))
        .addAttribute(ints("dilations", dilation, dilation))
        .addAttribute(integer("group", groups));
    channels = outputs;
    height = (height + pads[0] + pads[2] - reach) / stride + 1;
    width = (width + pads[1] + pads[3] - reach) / stride + 1;
  }

  private int side(int most) {
    return random.nextInt(most + 1);
  }

  private void pool(String operator) {
    int kernel = 2 + random.nextInt(2);
    int stride = 1 + random.nextInt(3);
    int pad = random.nextInt(2);
    if (height + 2 * pad < kernel || width + 2 * pad < kernel) {
      return;
    }
    if (value.startsWith("Pad")) {
      // ONNX Runtime puts zeros of a Pad into a pool, where they are no zeros, and ends it earlier.
      node("Relu", value);
    }
    boolean average = operator.equals("AveragePool");
    boolean counts = average && random.nextBoolean();
    // ONNX Runtime is wrong about windows beyond padding that counts.
    boolean ceil = !counts && random.nextInt(3) == 0;
    NodeProto.Builder pool =
        node(operator, value)
            .addAttribute(ints("kernel_shape", kernel, kernel))
            .addAttribute(ints("strides", stride, stride))
            .addAttribute(ints("pads", pad, pad, pad, pad))
            .addAttribute(integer("ceil_mode", ceil ? 1 : 0));
    if (counts) {
      pool.addAttribute(integer("count_include_pad", 1));
    }
    height = pooled(height, kernel, stride, pad, ceil);
    width = pooled(width, kernel, stride, pad, ceil);
  }

  private static int pooled(int size, int kernel, int stride, int pad, boolean ceil) {
    int span = size + 2 * pad - kernel;
    int positions = (ceil ? (span + stride - 1) / stride : span / stride) + 1;
    return ceil && (positions - 1) * stride >= size + pad ? positions - 1 : positions;
  }

  private void norm() {
    node(
        "BatchNormalization",
        value,
        numbers(channels),
        numbers(channels),
        numbers(channels),
        positive(channels));
  }

  private void curve() {
    String[] curves = {"Relu", "LeakyRelu", "Sigmoid", "HardSwish", "HardSigmoid", "Clip"};
    String curve = curves[random.nextInt(curves.length)];
    if (curve.equals("Clip")) {
      float low = random.nextInt(3) - 1.5f;
      node("Clip", value, scalar(low), scalar(low + 1 + random.nextInt(3)));
    } else {
      node(curve, value);
    }
  }

  private void residual() {
    String shortcut = value;
    node("Conv", value, numbers(channels, channels, 3, 3)).addAttribute(ints("pads", 1, 1, 1, 1));
    curve();
    String[] terms = {shortcut, value};
    boolean turned = random.nextBoolean();
    node("Add", terms[turned ? 1 : 0], terms[turned ? 0 : 1]);
  }

  private void gate() {
    String x = value;
    node("GlobalAveragePool", value);
    node("Sigmoid", value);
    node("Mul", x, value);
  }

  private void constant() {
    String[] operators = {"Add", "Sub", "Mul", "Div"};
    String operator = operators[random.nextInt(operators.length)];
    node(operator, value, random.nextBoolean() ? scalar(1.5f) : positive(channels, 1, 1));
  }

  private void layerNorm() {
    node("Transpose", value).addAttribute(ints("perm", 0, 2, 3, 1));
    node("LayerNormalization", value, numbers(channels), numbers(channels));
    node("Transpose", value).addAttribute(ints("perm", 0, 3, 1, 2));
  }

  private void pad() {
    int[] pads = {0, side(1), side(2), side(2), 0, side(1), side(2), side(2)};
    node("Pad", value, integers(pads));
    channels += pads[1] + pads[5];
    height += pads[2] + pads[6];
    width += pads[3] + pads[7];
  }

  private void tile() {
    int[] copies = {1, 1 + side(2), 1 + side(1), 1 + side(1)};
    if (channels * copies[1] > 20 || height * copies[2] > 20 || width * copies[3] > 20) {
      return;
    }
    node("Tile", value, integers(copies));
    channels *= copies[1];
    height *= copies[2];
    width *= copies[3];
  }

  /** Of all positions, or of those of each row. */
  private void attention() {
    int heads = 1 + random.nextInt(2);
    int size = 1 + random.nextInt(3);
    boolean rows = random.nextBoolean();
    String x = value;
    String queries = heads(x, heads, size, rows, true);
    String keys = heads(x, heads, size, rows, false);
    String values = heads(x, heads, size, rows, true);
    node("MatMul", queries, keys);
    node("Mul", value, scalar(0.6f));
    int groups = random.nextBoolean() ? heads : 1;
    if (random.nextBoolean()) {
      String bias =
          rows
              ? numbers(groups, random.nextBoolean() ? height : 1, width, width)
              : numbers(groups, height * width, height * width);
      node("Add", value, bias);
    }
    node("Softmax", value).addAttribute(integer("axis", -1));
    node("MatMul", value, values);
    int[] back = rows ? new int[] {0, 1, 4, 2, 3} : new int[] {0, 1, 3, 2};
    node("Transpose", value).addAttribute(ints("perm", back));
    node("Reshape", value, integers(0, heads * size, height, width));
    channels = heads * size;
  }

  private String heads(String x, int heads, int size, boolean rows, boolean tokensFirst) {
    node("Conv", x, numbers(heads * size, channels, 1, 1));
    node(
        "Reshape",
        value,
        rows ? integers(0, heads, size, height, width) : integers(0, heads, size, height * width));
    if (rows || tokensFirst) {
      int[] order =
          rows
              ? tokensFirst ? new int[] {0, 1, 3, 4, 2} : new int[] {0, 1, 3, 2, 4}
              : new int[] {0, 1, 3, 2};
      node("Transpose", value).addAttribute(ints("perm", order));
    }
    return value;
  }

  private String integers(int... numbers) {
    String name = name();
    TensorProto.Builder tensor = graph.addInitializerBuilder().setName(name).setDataType(7);
    tensor.addDims(numbers.length);
    for (int each : numbers) {
      tensor.addInt64Data(each);
    }
    return name;
  }

  /** Into parts that are joined again the other way round. */
  private void split() {
    if (channels < 2) {
      return;
    }
    int first = 1 + random.nextInt(channels - 1);
    String name = name();
    TensorProto.Builder sizes = graph.addInitializerBuilder().setName(name).setDataType(7);
    sizes.addDims(2).addInt64Data(first).addInt64Data(channels - first);
    node("Split", value, name)
        .addOutput(value + "/second")
        .addAttribute(integer("axis", 1 - 4 * random.nextInt(2)));
    node("Concat", value + "/second", value).addAttribute(integer("axis", 1));
  }

  private void classifier() {
    node("GlobalAveragePool", value);
    node("Flatten", value);
    node("Gemm", value, numbers(CLASSES, channels), numbers(CLASSES))
        .addAttribute(integer("transB", 1));
    graph.addOutput(tensor(value, 1, CLASSES));
  }

  private NodeProto.Builder node(String operator, String... inputs) {
    value = operator + graph.getNodeCount();
    return graph
        .addNodeBuilder()
        .setOpType(operator)
        .setName(value)
        .addAllInput(List.of(inputs))
        .addOutput(value);
  }

  private String name() {
    return "constant" + graph.getInitializerCount();
  }

  private String numbers(int... extents) {
    return numbers(-1, extents);
  }

  private String positive(int... extents) {
    return numbers(0.5f, extents);
  }

  /** Up to 1, from {@code least} on. */
  private String numbers(float least, int... extents) {
    String name = name();
    TensorProto.Builder tensor = graph.addInitializerBuilder().setName(name).setDataType(1);
    int size = 1;
    for (int extent : extents) {
      tensor.addDims(extent);
      size *= extent;
    }
    for (int i = 0; i < size; i++) {
      tensor.addFloatData(least + (1 - least) * random.nextFloat());
    }
    return name;
  }

  private String scalar(float number) {
    String name = name();
    graph.addInitializerBuilder().setName(name).setDataType(1).addFloatData(number);
    return name;
  }

  private static ValueInfoProto tensor(String name, int... extents) {
    ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
    var type = value.getTypeBuilder().getTensorTypeBuilder().setElemType(1);
    for (int extent : extents) {
      type.getShapeBuilder().addDimBuilder().setDimValue(extent);
    }
    return value.build();
  }

  private static AttributeProto ints(String name, int... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (int value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  private static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }
}

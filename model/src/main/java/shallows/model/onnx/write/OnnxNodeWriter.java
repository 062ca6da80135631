package shallows.model.onnx.write;

import static shallows.model.onnx.write.WrittenAttributes.extent;
import static shallows.model.onnx.write.WrittenAttributes.integer;
import static shallows.model.onnx.write.WrittenAttributes.integers;
import static shallows.model.onnx.write.WrittenAttributes.number;
import static shallows.model.onnx.write.WrittenAttributes.pads;
import static shallows.model.onnx.write.WrittenAttributes.text;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Resampling;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.OnnxPool;
import shallows.model.onnx.OnnxTensors;

/**
 * One node of a graph as a node of an ONNX file, or as the last of a few where ONNX has no operator
 * for it. Attributes are written even where they have ONNX's default, as some defaults changed
 * between opsets. Numbers that ONNX takes as inputs become initializers behind the parameters. One
 * method for each operation, so it is as long as the list of them.
 */
final class OnnxNodeWriter implements Operation.Visitor<NodeProto> {
  private final Graph graph;
  private final Node node;
  private final Set<String> names;
  private final GraphProto.Builder file;

  /**
   * @param names those taken so far; an initializer that is added takes another one
   * @param file gets the added initializers
   */
  OnnxNodeWriter(Graph graph, Node node, Set<String> names, GraphProto.Builder file) {
    this.graph = graph;
    this.node = node;
    this.names = names;
    this.file = file;
  }

  @Override
  public NodeProto conv2d(Operation.Conv2d conv) {
    Shape weight = graph.parameter(node.inputs().get(1)).shape();
    return start("Conv")
        .addAttribute(integers("kernel_shape", weight.dimension(2), weight.dimension(3)))
        .addAttribute(extent("strides", conv.stride()))
        .addAttribute(pads(conv.padding()))
        .addAttribute(extent("dilations", conv.dilation()))
        .addAttribute(integer("group", conv.groups()))
        .build();
  }

  @Override
  public NodeProto batchNorm(Operation.BatchNorm norm) {
    return start("BatchNormalization").addAttribute(number("epsilon", norm.epsilon())).build();
  }

  @Override
  public NodeProto relu(Operation.Relu relu) {
    return start("Relu").build();
  }

  @Override
  public NodeProto clip(Operation.Clip clip) {
    // An absent bound is no bound; an empty name stands for one that is absent before another.
    NodeProto.Builder file = start("Clip");
    file.addInput(Float.isInfinite(clip.low()) ? "" : scalar("low", clip.low()));
    if (!Float.isInfinite(clip.high())) {
      file.addInput(scalar("high", clip.high()));
    }
    return file.build();
  }

  @Override
  public NodeProto leakyRelu(Operation.LeakyRelu relu) {
    return start("LeakyRelu").addAttribute(number("alpha", relu.slope())).build();
  }

  @Override
  public NodeProto activation(Operation.Activation activation) {
    return switch (activation.curve()) {
      case SIGMOID -> start("Sigmoid").build();
      case HARD_SIGMOID ->
          start("HardSigmoid")
              .addAttribute(number("alpha", 1f / 6))
              .addAttribute(number("beta", 0.5f))
              .build();
      case HARD_SWISH -> start("HardSwish").build();
      case GELU -> gelu();
      case GELU_TANH -> geluByTanh();
      case ELU -> start("Elu").addAttribute(number("alpha", 1)).build();
      case TANH, SOFTPLUS, EXP, LOG, ABS -> start(activation.curve().label()).build();
    };
  }

  /** x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))·0.5, as exporters write it. */
  private NodeProto geluByTanh() {
    String x = node.inputs().get(0);
    String cube = step("Pow", "cube", x, scalar("three", 3));
    String small = step("Mul", "small", cube, scalar("share", 0.044715f));
    String sum = step("Add", "sum", x, small);
    String scaled = step("Mul", "scaled", sum, scalar("root", (float) Math.sqrt(2 / Math.PI)));
    String tanh = step("Tanh", "tanh", scaled);
    String moved = step("Add", "moved", tanh, scalar("one", 1));
    String product = step("Mul", "product", x, moved);
    return start("Mul", product, scalar("half", 0.5f)).build();
  }

  /** Opset 20 has an operator for it; before, everybody writes x·(erf(x / √2) + 1)·0.5. */
  private NodeProto gelu() {
    String x = node.inputs().get(0);
    String quotient = step("Div", "quotient", x, scalar("root", (float) Math.sqrt(2)));
    String erf = step("Erf", "erf", quotient);
    String sum = step("Add", "sum", erf, scalar("one", 1));
    String product = step("Mul", "product", x, sum);
    return start("Mul", product, scalar("half", 0.5f)).build();
  }

  @Override
  public NodeProto power(Operation.Power power) {
    if (power.exponent() == 0.5f || power.exponent() == -1) {
      return start(power.exponent() == -1 ? "Reciprocal" : "Sqrt").build();
    }
    return start("Pow").addInput(scalar("exponent", power.exponent())).build();
  }

  @Override
  public NodeProto binary(Operation.Binary binary) {
    return start(binary.label()).build();
  }

  @Override
  public NodeProto add(Operation.Add add) {
    return start("Add").build();
  }

  @Override
  public NodeProto multiply(Operation.Multiply multiply) {
    return start("Mul").build();
  }

  @Override
  public NodeProto concat(Operation.Concat concat) {
    return start("Concat").addAttribute(integer("axis", 1)).build();
  }

  @Override
  public NodeProto scale(Operation.Scale scale) {
    return start("Mul").addInput(scalar("factor", scale.factor())).build();
  }

  /** Without a training mode among its inputs: the identity. */
  @Override
  public NodeProto dropout(Operation.Dropout dropout) {
    return start("Dropout").addInput(scalar("ratio", dropout.rate())).build();
  }

  @Override
  public NodeProto maxPool(Operation.MaxPool pool) {
    OnnxPool windows = new OnnxPool(pool.kernel(), pool.stride(), pool.padding());
    return pool("MaxPool", windows, pool.ceil()).build();
  }

  @Override
  public NodeProto averagePool(Operation.AveragePool pool) {
    OnnxPool windows = new OnnxPool(pool.kernel(), pool.stride(), pool.padding());
    return pool("AveragePool", windows, pool.ceil())
        .addAttribute(integer("count_include_pad", pool.countsPadding() ? 1 : 0))
        .build();
  }

  private NodeProto.Builder pool(String operator, OnnxPool windows, boolean ceil) {
    Shape image = graph.shape(node.inputs().get(0));
    boolean asOnnxRounds = !ceil || windows.roundsUpTo(image, graph.shape(node.name()));
    NodeProto.Builder pool =
        start(operator)
            .addAttribute(extent("kernel_shape", windows.kernel()))
            .addAttribute(extent("strides", windows.stride()))
            .addAttribute(
                asOnnxRounds
                    ? pads(windows.padding())
                    : integers("pads", windows.reaching(image, graph.shape(node.name()))));
    return ceil && asOnnxRounds ? pool.addAttribute(integer("ceil_mode", 1)) : pool;
  }

  @Override
  public NodeProto globalAveragePool(Operation.GlobalAveragePool pool) {
    return start("GlobalAveragePool").build();
  }

  @Override
  public NodeProto reduce(Operation.Reduce reduce) {
    long[] axes = reduce.axes().stream().mapToLong(axis -> axis.ordinal() + 1L).toArray();
    return start(reduce.label())
        .addAttribute(integers("axes", axes))
        .addAttribute(integer("keepdims", 1))
        .build();
  }

  @Override
  public NodeProto padChannels(Operation.PadChannels pad) {
    // The begins of the four axes (N, C, H, W), then their ends.
    long[] pads = {0, pad.before(), 0, 0, 0, pad.after(), 0, 0};
    return start("Pad").addInput(vector("pads", pads)).build();
  }

  @Override
  public NodeProto padImage(Operation.PadImage pad) {
    long[] pads = {0, 0, pad.top(), pad.left(), 0, 0, pad.bottom(), pad.right()};
    NodeProto.Builder file = start("Pad").addInput(vector("pads", pads));
    return switch (pad.border()) {
      case ZEROS -> file.build();
      case REFLECTION -> file.addAttribute(text("mode", "reflect")).build();
      case EDGE -> file.addAttribute(text("mode", "edge")).build();
    };
  }

  @Override
  public NodeProto cropImage(Operation.CropImage crop) {
    return start("Slice")
        .addInput(vector("starts", crop.top(), crop.left()))
        .addInput(
            vector(
                "ends",
                (long) crop.top() + crop.size().height(),
                (long) crop.left() + crop.size().width()))
        .addInput(vector("axes", 2, 3))
        .build();
  }

  /** The names of the constants say how training draws them. */
  @Override
  public NodeProto selectPixels(Operation.SelectPixels select) {
    String x = node.inputs().get(0);
    String prefix = select.regions().prefix();
    String rows = vector(prefix + "rows", longs(select.rows()));
    if (isEvery(select.columns(), graph.shape(x).dimension(2))) {
      return start("Gather", x, rows).addAttribute(integer("axis", 2)).build();
    }
    String columns = vector(prefix + "columns", longs(select.columns()));
    String chosen = newName("of_rows");
    file.addNode(operator("Gather", chosen, List.of(x, rows)).addAttribute(integer("axis", 2)));
    return start("Gather", chosen, columns).addAttribute(integer("axis", 3)).build();
  }

  private static boolean isEvery(List<Integer> chosen, int size) {
    return chosen.equals(IntStream.range(0, size).boxed().toList());
  }

  private static long[] longs(List<Integer> integers) {
    return integers.stream().mapToLong(Integer::longValue).toArray();
  }

  /** To a size and not by factors, which would be rounded. */
  @Override
  public NodeProto resize(Operation.Resize resize) {
    String kept = newName("kept");
    file.addNode(
        operator("Shape", kept, List.of(node.inputs().get(0)))
            .addAttribute(integer("start", 0))
            .addAttribute(integer("end", 2)));
    String size = vector("size", resize.size().height(), resize.size().width());
    String sizes = newName("sizes");
    file.addNode(operator("Concat", sizes, List.of(kept, size)).addAttribute(integer("axis", 0)));
    NodeProto.Builder written = start("Resize", node.inputs().get(0), "", "", sizes);
    boolean nearest = resize.mode() == Resampling.NEAREST;
    String coordinates =
        switch (resize.mode()) {
          case LINEAR_HALF_PIXEL -> "half_pixel";
          case LINEAR_ALIGNED -> "align_corners";
          case NEAREST, LINEAR_ASYMMETRIC -> "asymmetric";
        };
    if (nearest) {
      written.addAttribute(text("nearest_mode", "floor"));
    }
    return written
        .addAttribute(text("mode", nearest ? "nearest" : "linear"))
        .addAttribute(text("coordinate_transformation_mode", coordinates))
        .build();
  }

  @Override
  public NodeProto sliceChannels(Operation.SliceChannels slice) {
    return start("Slice")
        .addInput(vector("starts", slice.from()))
        .addInput(vector("ends", slice.to()))
        .addInput(vector("axes", 1))
        .build();
  }

  @Override
  public NodeProto channelShuffle(Operation.ChannelShuffle shuffle) {
    Shape shape = graph.shape(node.name());
    int groups = shuffle.groups();
    int channels = shape.dimension(0);
    int height = shape.dimension(1);
    int width = shape.dimension(2);
    // A 0 keeps the extent of the batch.
    String split = vector("split", 0, groups, channels / groups, height, width);
    String grouped = step("Reshape", "grouped", node.inputs().get(0), split);
    String swapped = newName("swapped");
    file.addNode(
        operator("Transpose", swapped, List.of(grouped))
            .addAttribute(integers("perm", 0, 2, 1, 3, 4)));
    return start("Reshape", swapped, vector("merged", 0, channels, height, width)).build();
  }

  @Override
  public NodeProto rearrange(Operation.Rearrange rearrange) {
    String from = node.inputs().get(0);
    String shape = vector("shape", behindBatch(rearrange.result().dimensions()));
    int axes = rearrange.order().size();
    if (rearrange.order().equals(IntStream.range(0, axes).boxed().toList())) {
      return start("Reshape", from, shape).build();
    }
    // Of three axes it would be an image when it is read again.
    List<Integer> extents = new ArrayList<>(rearrange.split());
    List<Integer> moves = new ArrayList<>(rearrange.order());
    if (axes == 3) {
      extents.add(1);
      moves.add(axes);
    }
    String split = step("Reshape", "split", from, vector("axes", behindBatch(extents)));
    String turned = newName("turned");
    long[] order =
        LongStream.concat(LongStream.of(0), moves.stream().mapToLong(axis -> axis + 1L)).toArray();
    file.addNode(
        operator("Transpose", turned, List.of(split)).addAttribute(integers("perm", order)));
    return start("Reshape", turned, shape).build();
  }

  /** A 0 keeps the extent of the batch. */
  private static long[] behindBatch(List<Integer> extents) {
    return LongStream.concat(LongStream.of(0), extents.stream().mapToLong(Integer::longValue))
        .toArray();
  }

  @Override
  public NodeProto groupNorm(Operation.GroupNorm norm) {
    String from = node.inputs().get(0);
    String grouped = step("Reshape", "grouped", from, vector("groups", 0, norm.groups(), -1));
    float[] ones = new float[norm.groups()];
    Arrays.fill(ones, 1);
    String scale = added(OnnxTensors.floats(newName("ones"), Tensor.vector(ones)));
    String bias =
        added(OnnxTensors.floats(newName("zeros"), Tensor.vector(new float[norm.groups()])));
    String normal = newName("normal");
    file.addNode(
        operator("InstanceNormalization", normal, List.of(grouped, scale, bias))
            .addAttribute(number("epsilon", norm.epsilon())));
    String shape = vector("shape", behindBatch(graph.shape(node.name()).dimensions()));
    return start("Reshape", normal, shape).build();
  }

  @Override
  public NodeProto localResponseNorm(Operation.LocalResponseNorm norm) {
    return start("LRN")
        .addAttribute(integer("size", norm.size()))
        .addAttribute(number("alpha", norm.alpha()))
        .addAttribute(number("beta", norm.beta()))
        .addAttribute(number("bias", norm.bias()))
        .build();
  }

  /** ONNX normalizes over the last axes only. */
  @Override
  public NodeProto channelNorm(Operation.ChannelNorm norm) {
    String last = newName("channels_last");
    file.addNode(
        operator("Transpose", last, List.of(node.inputs().get(0)))
            .addAttribute(integers("perm", 0, 2, 3, 1)));
    String normalized = newName("normalized");
    file.addNode(
        operator(
                "LayerNormalization",
                normalized,
                List.of(last, node.inputs().get(1), node.inputs().get(2)))
            .addAttribute(integer("axis", -1))
            .addAttribute(number("epsilon", norm.epsilon())));
    return start("Transpose", normalized).addAttribute(integers("perm", 0, 3, 1, 2)).build();
  }

  /** With the heads and the rows as axes in front, the products are those of matrices. */
  @Override
  public NodeProto attention(Operation.Attention attention) {
    List<String> inputs = node.inputs();
    String queries = heads("queries", inputs.get(0), attention.heads(), 0, 1, 3, 4, 2);
    String keys = heads("keys", inputs.get(1), attention.heads(), 0, 1, 3, 2, 4);
    String values = heads("values", inputs.get(2), attention.heads(), 0, 1, 3, 4, 2);
    String scores = step("MatMul", "products", queries, keys);
    if (attention.scale() != 1) {
      scores = step("Mul", "scores", scores, scalar("factor", attention.scale()));
    }
    for (String bias : inputs.subList(3, inputs.size())) {
      scores = step("Add", "biased", scores, bias);
    }
    if (attention.softmax()) {
      String weights = newName("weights");
      file.addNode(operator("Softmax", weights, List.of(scores)).addAttribute(integer("axis", -1)));
      scores = weights;
    }
    String sums = step("MatMul", "sums", scores, values);
    String turned = transposed("channels", sums, 0, 1, 4, 2, 3);
    Shape result = graph.shape(node.name());
    return start("Reshape", turned, vector("shape", behindBatch(result.dimensions()))).build();
  }

  /** Of {@code (C, R, L)} as {@code (heads, C / heads, R, L)}, in another order. */
  private String heads(String suffix, String value, int heads, long... order) {
    Shape shape = graph.shape(value);
    long[] split = {0, heads, shape.dimension(0) / heads, shape.dimension(1), shape.dimension(2)};
    String cut = step("Reshape", suffix + "_cut", value, vector(suffix + "_shape", split));
    return transposed(suffix, cut, order);
  }

  private String transposed(String suffix, String value, long... order) {
    String turned = newName(suffix);
    file.addNode(
        operator("Transpose", turned, List.of(value)).addAttribute(integers("perm", order)));
    return turned;
  }

  @Override
  public NodeProto unflatten(Operation.Unflatten unflatten) {
    return start("Unsqueeze").addInput(vector("axes", 2, 3)).build();
  }

  @Override
  public NodeProto flatten(Operation.Flatten flatten) {
    return start("Flatten").addAttribute(integer("axis", 1)).build();
  }

  @Override
  public NodeProto linear(Operation.Linear linear) {
    return start("Gemm")
        .addAttribute(number("alpha", 1))
        .addAttribute(number("beta", 1))
        .addAttribute(integer("transB", 1))
        .build();
  }

  /** The node's own operator, with the node's inputs. */
  private NodeProto.Builder start(String operator) {
    return operator(operator, node.name(), node.inputs());
  }

  /** The node's last operator, where ONNX needs several for it. */
  private NodeProto.Builder start(String operator, String... inputs) {
    return operator(operator, node.name(), List.of(inputs));
  }

  /** Adds an operator before the node's last one; returns the name of its value. */
  private String step(String operator, String suffix, String... inputs) {
    String name = newName(suffix);
    file.addNode(operator(operator, name, List.of(inputs)));
    return name;
  }

  private static NodeProto.Builder operator(String operator, String name, List<String> inputs) {
    return NodeProto.newBuilder()
        .setName(name)
        .setOpType(operator)
        .addAllInput(inputs)
        .addOutput(name);
  }

  private String newName(String suffix) {
    String name = node.name() + "/" + suffix;
    while (!names.add(name)) {
      name += "_";
    }
    return name;
  }

  /** Adds one float as an initializer; returns its name. */
  private String scalar(String suffix, float value) {
    Tensor tensor = new Tensor(Shape.of(), new float[] {value});
    return added(OnnxTensors.floats(newName(suffix), tensor));
  }

  /** Adds integers as an initializer; returns its name. */
  private String vector(String suffix, long... values) {
    return added(OnnxTensors.integers(newName(suffix), values));
  }

  private String added(TensorProto initializer) {
    file.addInitializer(initializer);
    return initializer.getName();
  }
}

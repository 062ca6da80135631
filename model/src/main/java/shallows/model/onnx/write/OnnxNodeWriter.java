package shallows.model.onnx.write;

import static shallows.model.onnx.write.WrittenAttributes.extent;
import static shallows.model.onnx.write.WrittenAttributes.integer;
import static shallows.model.onnx.write.WrittenAttributes.integers;
import static shallows.model.onnx.write.WrittenAttributes.number;
import static shallows.model.onnx.write.WrittenAttributes.pads;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import java.util.Set;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.OnnxPool;
import shallows.model.onnx.OnnxTensors;

/**
 * One node of a graph as a node of an ONNX file, or as the last of a few where ONNX has no operator
 * for it. Attributes are written even where they have ONNX's default, as some defaults changed
 * between opsets. Numbers that ONNX takes as inputs become initializers behind the parameters.
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
    };
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
  public NodeProto padChannels(Operation.PadChannels pad) {
    // The begins of the four axes (N, C, H, W), then their ends.
    long[] pads = {0, pad.before(), 0, 0, 0, pad.after(), 0, 0};
    return start("Pad").addInput(vector("pads", pads)).build();
  }

  @Override
  public NodeProto padImage(Operation.PadImage pad) {
    long[] pads = {0, 0, pad.top(), pad.left(), 0, 0, pad.bottom(), pad.right()};
    return start("Pad").addInput(vector("pads", pads)).build();
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

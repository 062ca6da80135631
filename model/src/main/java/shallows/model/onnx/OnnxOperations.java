package shallows.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Set;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * One node of a graph as a node of an ONNX file. Attributes are written even where they have ONNX's
 * default, as some defaults changed between opsets. Numbers that ONNX takes as inputs become
 * initializers behind the parameters.
 */
final class OnnxOperations implements Operation.Visitor<NodeProto> {
  private final Graph graph;
  private final Node node;
  private final Set<String> names;
  private final GraphProto.Builder file;

  /**
   * @param names those taken so far; an initializer that is added takes another one
   * @param file gets the added initializers
   */
  OnnxOperations(Graph graph, Node node, Set<String> names, GraphProto.Builder file) {
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
  public NodeProto add(Operation.Add add) {
    return start("Add").build();
  }

  @Override
  public NodeProto scale(Operation.Scale scale) {
    Tensor factor = new Tensor(Shape.of(), new float[] {scale.factor()});
    String name = newName("factor");
    return start("Mul").addInput(added(OnnxTensors.floats(name, factor))).build();
  }

  @Override
  public NodeProto maxPool(Operation.MaxPool pool) {
    return start("MaxPool")
        .addAttribute(extent("kernel_shape", pool.kernel()))
        .addAttribute(extent("strides", pool.stride()))
        .addAttribute(pads(pool.padding()))
        .build();
  }

  @Override
  public NodeProto averagePool(Operation.AveragePool pool) {
    return start("AveragePool")
        .addAttribute(extent("kernel_shape", pool.kernel()))
        .addAttribute(extent("strides", pool.stride()))
        .addAttribute(pads(pool.padding()))
        .addAttribute(integer("count_include_pad", 1))
        .build();
  }

  @Override
  public NodeProto globalAveragePool(Operation.GlobalAveragePool pool) {
    return start("GlobalAveragePool").build();
  }

  @Override
  public NodeProto padChannels(Operation.PadChannels pad) {
    // The begins of the four axes (N, C, H, W), then their ends.
    long[] pads = {0, pad.before(), 0, 0, 0, pad.after(), 0, 0};
    return start("Pad").addInput(added(OnnxTensors.integers(newName("pads"), pads))).build();
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

  private NodeProto.Builder start(String operator) {
    return NodeProto.newBuilder()
        .setName(node.name())
        .setOpType(operator)
        .addAllInput(node.inputs())
        .addOutput(node.name());
  }

  private String newName(String suffix) {
    String name = node.name() + "/" + suffix;
    while (!names.add(name)) {
      name += "_";
    }
    return name;
  }

  private String added(TensorProto initializer) {
    file.addInitializer(initializer);
    return initializer.getName();
  }

  private static AttributeProto extent(String name, Extent extent) {
    return integers(name, extent.height(), extent.width());
  }

  /** As much on the top and the left, which ONNX names first, as on the bottom and the right. */
  private static AttributeProto pads(Extent padding) {
    int height = padding.height();
    int width = padding.width();
    return integers("pads", height, width, height, width);
  }

  private static AttributeProto integers(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  private static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  private static AttributeProto number(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }
}

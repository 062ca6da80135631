package shallows.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import shallows.model.graph.Extent;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Tensor;

/**
 * One node of an ONNX file as a node of a graph, bearing the name of the ONNX node's output. What
 * the graph's operation cannot express is refused, never left out.
 */
final class OnnxNodeReader {
  private final NodeProto file;
  private final OnnxConstants constants;
  private final OnnxAttributes attributes;

  /** Without the empty names at the end, which stand for optional inputs that are not there. */
  private final List<String> inputs;

  private OnnxNodeReader(NodeProto file, OnnxConstants constants) {
    this.file = file;
    this.constants = constants;
    this.attributes = new OnnxAttributes(file);
    this.inputs = withoutEmptyEnd(file.getInputList());
  }

  /**
   * @throws IllegalArgumentException saying why the node is refused, without its name
   */
  static Node read(NodeProto file, OnnxConstants constants) {
    return new OnnxNodeReader(file, constants).read();
  }

  /** Whether the node belongs to the operators that the ONNX standard itself defines. */
  static boolean isStandard(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  private Node read() {
    List<String> outputs = withoutEmptyEnd(file.getOutputList());
    if (outputs.size() != 1 || outputs.get(0).isEmpty()) {
      throw new IllegalArgumentException("expected one output, found " + outputs);
    }
    if (!isStandard(file.getDomain())) {
      throw new IllegalArgumentException("unknown operation of domain " + file.getDomain());
    }
    Node node =
        switch (file.getOpType()) {
          case "Conv" -> conv2d();
          case "BatchNormalization" -> batchNorm();
          case "Relu" -> node(new Operation.Relu(), inputs(1, 1));
          case "Clip" -> clip();
          case "LeakyRelu" ->
              node(new Operation.LeakyRelu(attributes.number("alpha", 0.01f)), inputs(1, 1));
          case "Sigmoid" -> curve(Operation.Curve.SIGMOID);
          case "HardSigmoid" -> hardSigmoid();
          case "HardSwish" -> curve(Operation.Curve.HARD_SWISH);
          case "Gelu" -> gelu();
          case "Dropout" -> dropout();
          case "Add" -> node(new Operation.Add(), inputs(2, 2));
          case "Mul" -> multiply();
          case "Concat" -> concat();
          case "MaxPool" -> maxPool();
          case "AveragePool" -> averagePool();
          case "GlobalAveragePool" -> node(new Operation.GlobalAveragePool(), inputs(1, 1));
          case "Pad" -> pad();
          case "Slice" -> slice();
          case "Unsqueeze" -> unflatten();
          case "Flatten" -> flatten();
          case "Gemm" -> linear();
          default -> throw new IllegalArgumentException("unknown operation");
        };
    attributes.requireNoneLeft();
    return node;
  }

  private Node conv2d() {
    Tensor weight = constants.parameter(inputs(2, 3).get(1));
    if (weight.shape().rank() != 4) {
      throw new IllegalArgumentException(
          "expected a weight (O, C / groups, kH, kW), found shape " + weight.shape());
    }
    int height = OnnxAttributes.small("the kernel's height", weight.shape().dimension(2));
    int width = OnnxAttributes.small("the kernel's width", weight.shape().dimension(3));
    Extent kernel = new Extent(height, width);
    Extent declared = attributes.extent("kernel_shape").orElse(kernel);
    if (!declared.equals(kernel)) {
      throw new IllegalArgumentException(
          "expected kernel_shape " + kernel + " as in the weight, found " + declared);
    }
    Operation.Conv2d conv =
        new Operation.Conv2d(
            attributes.extent("strides").orElse(Extent.ONE),
            attributes.padding(),
            attributes.extent("dilations").orElse(Extent.ONE),
            attributes.integer("group", 1),
            Precision.FLOAT);
    return withParameters(conv);
  }

  private Node batchNorm() {
    attributes.expect("training_mode", 0);
    // How fast training moves the stored statistics; without meaning for what the node computes.
    attributes.number("momentum", 0);
    inputs(5, 5);
    return withParameters(new Operation.BatchNorm(attributes.number("epsilon", 1e-5f)));
  }

  private Node clip() {
    inputs(1, 3);
    float low = bound(1, "min", Float.NEGATIVE_INFINITY);
    float high = bound(2, "max", Float.POSITIVE_INFINITY);
    return node(new Operation.Clip(low, high), inputs.subList(0, 1));
  }

  /** An attribute until opset 10, an input from opset 11 on. */
  private float bound(int index, String attribute, float none) {
    boolean given = inputs.size() > index && !inputs.get(index).isEmpty();
    return given ? constants.scalar(requiredConstant(index)) : attributes.number(attribute, none);
  }

  /** The rate is an attribute until opset 10, an input from opset 12 on. */
  private Node dropout() {
    inputs(1, 2);
    // A file has no state from which masks could be drawn again.
    attributes.integer("seed", 0);
    float rate =
        inputs.size() == 2
            ? constants.scalar(requiredConstant(1))
            : attributes.number("ratio", 0.5f);
    return node(new Operation.Dropout(rate), inputs.subList(0, 1));
  }

  private Node curve(Operation.Curve curve) {
    return node(new Operation.Activation(curve), inputs(1, 1));
  }

  private Node hardSigmoid() {
    float alpha = attributes.number("alpha", 0.2f);
    float beta = attributes.number("beta", 0.5f);
    if (Math.abs(alpha - 1f / 6) > Math.ulp(1f) || beta != 0.5f) {
      throw new IllegalArgumentException(
          "expected alpha 1/6 and beta 0.5, found " + alpha + " and " + beta);
    }
    return curve(Operation.Curve.HARD_SIGMOID);
  }

  private Node gelu() {
    String approximation = attributes.text("approximate", "none");
    if (!approximation.equals("none")) {
      throw new IllegalArgumentException("expected approximate none, found " + approximation);
    }
    return curve(Operation.Curve.GELU);
  }

  private Node concat() {
    int axis = attributes.integer("axis", -1);
    if (axis != 1) {
      throw new IllegalArgumentException("expected axis 1, found " + axis);
    }
    return node(new Operation.Concat(), inputs(1, Integer.MAX_VALUE));
  }

  private Node slice() {
    inputs(4, 5);
    long axis = constants.integers(requiredConstant(3), 1)[0];
    long step = inputs.size() < 5 ? 1 : constants.integers(requiredConstant(4), 1)[0];
    if (axis != 1 || step != 1) {
      throw new IllegalArgumentException(
          "expected axis 1 and step 1, found " + axis + " and " + step);
    }
    int from = OnnxAttributes.small("starts", constants.integers(requiredConstant(1), 1)[0]);
    int to = OnnxAttributes.small("ends", constants.integers(requiredConstant(2), 1)[0]);
    return node(new Operation.SliceChannels(from, to), inputs.subList(0, 1));
  }

  private Node unflatten() {
    inputs(2, 2);
    long[] axes = constants.integers(requiredConstant(1), 2);
    if (axes[0] != 2 || axes[1] != 3) {
      throw new IllegalArgumentException("expected axes 2, 3, found " + Arrays.toString(axes));
    }
    return node(new Operation.Unflatten(), inputs.subList(0, 1));
  }

  private Node multiply() {
    inputs(2, 2);
    boolean first = constants.contains(inputs.get(0));
    String factor = inputs.get(first ? 0 : 1);
    if (!constants.contains(factor)) {
      return node(new Operation.Multiply(), inputs);
    }
    String value = inputs.get(first ? 1 : 0);
    return node(new Operation.Scale(constants.scalar(factor)), List.of(value));
  }

  private Node maxPool() {
    // The order of the indices, an output that we refuse.
    attributes.integer("storage_order", 0);
    Extent kernel = poolKernel();
    Extent stride = attributes.extent("strides").orElse(Extent.ONE);
    boolean ceil = attributes.integer("ceil_mode", 0) != 0;
    return node(new Operation.MaxPool(kernel, stride, attributes.padding(), ceil), inputs(1, 1));
  }

  private Node averagePool() {
    Extent kernel = poolKernel();
    Extent stride = attributes.extent("strides").orElse(Extent.ONE);
    Extent padding = attributes.padding();
    boolean ceil = attributes.integer("ceil_mode", 0) != 0;
    boolean countsPadding = attributes.integer("count_include_pad", 0) != 0;
    return node(
        new Operation.AveragePool(kernel, stride, padding, ceil, countsPadding), inputs(1, 1));
  }

  private Extent poolKernel() {
    Extent dilation = attributes.extent("dilations").orElse(Extent.ONE);
    if (!dilation.equals(Extent.ONE)) {
      throw new IllegalArgumentException("expected dilations 1x1, found " + dilation);
    }
    return attributes
        .extent("kernel_shape")
        .orElseThrow(() -> new IllegalArgumentException("expected kernel_shape, found none"));
  }

  private Node pad() {
    inputs(1, 3);
    String mode = attributes.text("mode", "constant");
    if (!mode.equals("constant")) {
      throw new IllegalArgumentException("expected mode constant, found " + mode);
    }
    float with = inputs.size() == 3 ? constants.scalar(requiredConstant(2)) : 0;
    if (attributes.number("value", with) != 0) {
      throw new IllegalArgumentException("expected padding with 0, found another constant");
    }
    long[] pads = pads();
    int[] sides = new int[pads.length];
    for (int i = 0; i < pads.length; i++) {
      sides[i] = OnnxAttributes.small("pads", pads[i]);
    }
    boolean channels = sides[1] > 0 || sides[5] > 0;
    boolean image = sides[2] > 0 || sides[3] > 0 || sides[6] > 0 || sides[7] > 0;
    if (sides[0] > 0 || sides[4] > 0 || channels && image) {
      throw new IllegalArgumentException(
          "expected pads of channels or of rows and columns, found " + Arrays.toString(pads));
    }
    Operation pad =
        image
            ? new Operation.PadImage(sides[2], sides[3], sides[6], sides[7])
            : new Operation.PadChannels(sides[1], sides[5]);
    return node(pad, inputs.subList(0, 1));
  }

  /** An attribute until opset 10, an input from opset 11 on. */
  private long[] pads() {
    if (inputs.size() > 1) {
      return constants.integers(requiredConstant(1), 8);
    }
    List<Long> pads =
        attributes
            .take("pads", AttributeType.INTS)
            .map(AttributeProto::getIntsList)
            .orElse(List.of());
    if (pads.size() != 8) {
      throw new IllegalArgumentException("expected 8 pads, found " + pads.size());
    }
    return pads.stream().mapToLong(Long::longValue).toArray();
  }

  private Node flatten() {
    attributes.expect("axis", 1);
    return node(new Operation.Flatten(), inputs(1, 1));
  }

  private Node linear() {
    inputs(2, 3);
    attributes.expect("alpha", 1f);
    attributes.expect("beta", 1f);
    attributes.expect("transA", 0);
    if (attributes.integer("transB", 0) != 0) {
      return withParameters(new Operation.Linear());
    }
    List<String> turned = new ArrayList<>(inputs);
    turned.set(1, constants.transposed(requiredConstant(1)));
    if (turned.size() == 3) {
      constants.parameter(turned.get(2));
    }
    return node(new Operation.Linear(), turned);
  }

  /** A node whose inputs behind the first are parameters. */
  private Node withParameters(Operation operation) {
    inputs.subList(1, inputs.size()).forEach(constants::parameter);
    return node(operation, inputs);
  }

  private Node node(Operation operation, List<String> values) {
    return new Node(file.getOutput(0), operation, values);
  }

  private String requiredConstant(int index) {
    String name = inputs.get(index);
    if (!constants.contains(name)) {
      throw new IllegalArgumentException(
          "expected a constant as input " + index + ", found '" + name + "'");
    }
    return name;
  }

  private List<String> inputs(int least, int most) {
    if (inputs.size() < least || inputs.size() > most) {
      throw new IllegalArgumentException(
          "expected "
              + (least == most ? least : least + " to " + most)
              + " inputs, found "
              + inputs.size());
    }
    return inputs;
  }

  private static List<String> withoutEmptyEnd(List<String> names) {
    int end = names.size();
    while (end > 0 && names.get(end - 1).isEmpty()) {
      end--;
    }
    return names.subList(0, end);
  }
}

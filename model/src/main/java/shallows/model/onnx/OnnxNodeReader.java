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
          case "Add" -> node(new Operation.Add(), inputs(2, 2));
          case "Mul" -> scale();
          case "MaxPool" -> maxPool();
          case "AveragePool" -> averagePool();
          case "GlobalAveragePool" -> node(new Operation.GlobalAveragePool(), inputs(1, 1));
          case "Pad" -> padChannels();
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

  private Node scale() {
    inputs(2, 2);
    boolean first = constants.contains(inputs.get(0));
    String factor = inputs.get(first ? 0 : 1);
    if (!constants.contains(factor)) {
      throw new IllegalArgumentException("expected a constant factor, found two computed values");
    }
    String value = inputs.get(first ? 1 : 0);
    return node(new Operation.Scale(constants.scalar(factor)), List.of(value));
  }

  private Node maxPool() {
    // The order of the indices, an output that we refuse.
    attributes.integer("storage_order", 0);
    Extent kernel = poolKernel();
    Extent stride = attributes.extent("strides").orElse(Extent.ONE);
    return node(new Operation.MaxPool(kernel, stride, attributes.padding()), inputs(1, 1));
  }

  private Node averagePool() {
    Extent kernel = poolKernel();
    Extent stride = attributes.extent("strides").orElse(Extent.ONE);
    Extent padding = attributes.padding();
    boolean countsPadding = attributes.integer("count_include_pad", 0) != 0;
    if (!countsPadding && !padding.equals(Extent.ZERO)) {
      throw new IllegalArgumentException(
          "expected count_include_pad 1 beside pads, found count_include_pad 0");
    }
    return node(new Operation.AveragePool(kernel, stride, padding), inputs(1, 1));
  }

  private Extent poolKernel() {
    attributes.expect("ceil_mode", 0);
    Extent dilation = attributes.extent("dilations").orElse(Extent.ONE);
    if (!dilation.equals(Extent.ONE)) {
      throw new IllegalArgumentException("expected dilations 1x1, found " + dilation);
    }
    return attributes
        .extent("kernel_shape")
        .orElseThrow(() -> new IllegalArgumentException("expected kernel_shape, found none"));
  }

  private Node padChannels() {
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
    for (int i = 0; i < pads.length; i++) {
      boolean channels = i == 1 || i == 5;
      if (!channels && pads[i] != 0) {
        throw new IllegalArgumentException(
            "expected pads of channels only, found " + Arrays.toString(pads));
      }
    }
    Operation pad =
        new Operation.PadChannels(
            OnnxAttributes.small("pads", pads[1]), OnnxAttributes.small("pads", pads[5]));
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

package shallows.export.pass;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shallows.model.BadInputException;
import shallows.model.graph.BinaryWeights;
import shallows.model.graph.ChannelAffine;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * Leaves no weights but those of convolutions, linear layers and of what is computed in floats, as
 * 8-bit operators have it.
 *
 * <ol>
 *   <li>A BatchNorm or a Scale of an image becomes a depthwise convolution of 1x1.
 *   <li>A binary convolution stays binary, and its weights become ±α, if they are not yet.
 *   <li>Each convolution and linear layer gets parameters of its own and a bias, since the scale of
 *       a bias depends on what its layer reads.
 *   <li>A layer norm and others that are computed in floats keep their parameters and their names.
 *   <li>Nodes that hand on what they get go first, by {@link RemoveIdentities}: a graph that no
 *       other pass has been over may hold some, and 8-bit operators do not know them.
 *   <li>Not applied to a Scale of a vector, which no stage of ours leaves behind: it is refused.
 * </ol>
 */
public final class ToConvolutions {
  private final Graph graph;
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();

  private ToConvolutions(Graph graph) {
    this.graph = graph;
  }

  /**
   * Returns a graph of the same values.
   *
   * @throws BadInputException when a vector is scaled
   */
  public static Graph apply(Graph floats) {
    Graph graph = RemoveIdentities.apply(floats);
    ToConvolutions pass = new ToConvolutions(graph);
    List<Node> nodes = new ArrayList<>();
    graph.nodes().forEach(node -> nodes.add(pass.rewritten(node)));
    return graph.with(nodes, graph.output(), pass.parameters, graph.blocks());
  }

  private Node rewritten(Node node) {
    Operation operation = node.operation();
    if (operation instanceof Operation.Conv2d conv) {
      Tensor weight = graph.parameter(node.inputs().get(1));
      boolean binary = conv.precision() == Precision.BINARY;
      return withParameters(
          node, binary ? BinaryWeights.project(weight) : weight, bias(node, weight));
    }
    if (operation instanceof Operation.Linear) {
      Tensor weight = graph.parameter(node.inputs().get(1));
      return withParameters(node, weight, bias(node, weight));
    }
    if (operation instanceof Operation.BatchNorm) {
      ChannelAffine affine = ChannelAffine.of(node, graph::parameter);
      float[] factors = new float[affine.channels()];
      float[] offsets = new float[affine.channels()];
      for (int channel = 0; channel < factors.length; channel++) {
        factors[channel] = (float) affine.factor(channel);
        offsets[channel] = (float) affine.offset(channel);
      }
      return pointwise(node, factors, offsets);
    }
    if (operation instanceof Operation.Scale scale) {
      Shape shape = graph.shape(node.name());
      if (shape.rank() != 3) {
        throw new BadInputException(
            graph.name() + ": " + node,
            "an image to scale in a network of 8 bits",
            shape,
            "export it as fp32");
      }
      float[] factors = new float[shape.dimension(0)];
      Arrays.fill(factors, scale.factor());
      return pointwise(node, factors, new float[factors.length]);
    }
    for (String input : node.inputs()) {
      if (graph.parameters().containsKey(input)) {
        parameters.put(input, graph.parameter(input));
      }
    }
    return node;
  }

  private Tensor bias(Node node, Tensor weight) {
    return node.inputs().size() == 3
        ? graph.parameter(node.inputs().get(2))
        : Tensor.vector(new float[weight.shape().dimension(0)]);
  }

  private boolean isKept(String name) {
    return graph.nodes().stream()
        .anyMatch(
            node ->
                !(node.operation().weighs() || node.operation() instanceof Operation.BatchNorm)
                    && node.inputs().contains(name));
  }

  private Node pointwise(Node node, float[] factors, float[] offsets) {
    Operation.Conv2d conv =
        new Operation.Conv2d(Extent.ONE, Extent.ZERO, Extent.ONE, factors.length, Precision.FLOAT);
    return withParameters(
        node.withOperation(conv),
        new Tensor(Shape.of(factors.length, 1, 1, 1), factors),
        Tensor.vector(offsets));
  }

  private Node withParameters(Node node, Tensor weight, Tensor bias) {
    return node.withInputs(
        List.of(
            node.inputs().get(0),
            added(node.name() + "/weight", weight),
            added(node.name() + "/bias", bias)));
  }

  private String added(String wish, Tensor value) {
    String name = wish;
    while (parameters.containsKey(name) || graph.hasNode(name) || isKept(name)) {
      name += "/8-bit";
    }
    parameters.put(name, value);
    return name;
  }
}

package shallows.export.tflite;

import shallows.model.graph.BinaryWeights;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** Makes the parameters of operators: those that nodes have, and those that only TFLite needs. */
final class TfliteLayers {
  private final Graph graph;
  private final TfliteTensors kinds;

  TfliteLayers(Graph graph, TfliteTensors kinds) {
    this.graph = graph;
    this.kinds = kinds;
  }

  /** Returns the indices of filter and bias. */
  int[] convolution(Node node, Operation.Conv2d conv, boolean depthwise) {
    Tensor weight = graph.parameter(node.inputs().get(1));
    boolean binary = conv.precision() == Precision.BINARY;
    return parameters(
        node,
        binary ? BinaryWeights.project(weight) : weight,
        binary,
        depthwise ? TfliteTensors.Form.DEPTHWISE : TfliteTensors.Form.CONVOLUTION);
  }

  /** Returns the indices of weight and bias. */
  int[] linear(Node node) {
    Tensor weight = graph.parameter(node.inputs().get(1));
    return parameters(node, weight, false, TfliteTensors.Form.LINEAR);
  }

  /**
   * Of a depthwise convolution that computes what a node without weights does.
   *
   * @param filter (C, kH, kW)
   * @param offsets (C)
   */
  int[] depthwise(Node node, Extent kernel, float[] filter, float[] offsets) {
    Shape shape = Shape.of(offsets.length, 1, kernel.height(), kernel.width());
    return kinds.parameters(
        new TfliteTensors.Layer(
            node.name() + "/factor",
            new Tensor(shape, filter),
            false,
            node.name() + "/offset",
            Tensor.vector(offsets),
            node.inputs().get(0),
            TfliteTensors.Form.DEPTHWISE));
  }

  /** With a bias of zeros where there is none: kernels of old want one. */
  private int[] parameters(Node node, Tensor weight, boolean binary, TfliteTensors.Form form) {
    boolean hasBias = node.inputs().size() == 3;
    return kinds.parameters(
        new TfliteTensors.Layer(
            node.inputs().get(1),
            weight,
            binary,
            hasBias ? node.inputs().get(2) : node.name() + "/bias",
            hasBias
                ? graph.parameter(node.inputs().get(2))
                : Tensor.vector(new float[weight.shape().dimension(0)]),
            node.inputs().get(0),
            form));
  }
}

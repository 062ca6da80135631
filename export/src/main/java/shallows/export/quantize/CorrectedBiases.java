package shallows.export.quantize;

import java.util.HashMap;
import java.util.Map;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Tensor;

/** A graph with something added to the biases of its layers. */
final class CorrectedBiases {
  private CorrectedBiases() {}

  /**
   * @param graph in which each layer has a bias of its own
   * @param corrections what is added to it, by the name of the layer
   * @throws IllegalArgumentException when there is no such layer
   */
  static Graph of(Graph graph, Map<String, float[]> corrections) {
    Map<String, Tensor> biases = new HashMap<>();
    corrections.forEach(
        (layer, correction) -> {
          Node node = graph.hasNode(layer) ? graph.node(layer) : null;
          if (node == null
              || !node.operation().weighs()
              || graph.shape(layer).dimension(0) != correction.length) {
            throw new IllegalArgumentException(
                graph.name()
                    + " has no layer '"
                    + layer
                    + "' of "
                    + correction.length
                    + " outputs whose bias can be corrected");
          }
          float[] bias = graph.parameter(node.inputs().get(2)).values().clone();
          for (int o = 0; o < bias.length; o++) {
            bias[o] += correction[o];
          }
          biases.put(node.inputs().get(2), Tensor.vector(bias));
        });
    return graph.withParameters(biases);
  }
}

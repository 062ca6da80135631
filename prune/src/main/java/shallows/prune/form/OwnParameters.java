package shallows.prune.form;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Tensor;

/**
 * Gives each reader of a vector a copy of its own. Exporters keep equal vectors once, for example
 * biases that are all zero, though nothing ties the layers that read them. Weights of several axes
 * that are read twice are one on purpose and stay so.
 */
final class OwnParameters {
  private OwnParameters() {}

  /** The same graph where no vector is shared. */
  static Graph of(Graph graph) {
    Map<String, Integer> uses = graph.uses();
    Map<String, Tensor> parameters = new LinkedHashMap<>(graph.parameters());
    Map<String, Integer> seen = new HashMap<>();
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      List<String> inputs = new ArrayList<>(node.inputs());
      for (int i = 0; i < inputs.size(); i++) {
        String name = inputs.get(i);
        Tensor value = graph.parameters().get(name);
        // The first reader keeps the name.
        if (value != null
            && value.shape().rank() == 1
            && uses.get(name) > 1
            && seen.merge(name, 1, Integer::sum) > 1) {
          inputs.set(i, name + "/copy" + seen.get(name));
          parameters.put(inputs.get(i), value);
        }
      }
      nodes.add(node.withInputs(inputs));
    }
    return parameters.size() == graph.parameters().size()
        ? graph
        : graph.with(nodes, graph.output(), parameters, graph.blocks());
  }
}

package shallows.export;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.network.Networks;
import shallows.model.network.SurvivalSchedule;

/** Networks as training might leave them: batch norm and survival probabilities are not trivial. */
public final class ShakenNetworks {
  private ShakenNetworks() {}

  /**
   * @param name as for {@link Networks#create}, for ten classes, linear decay of survival to 0.5
   */
  public static Graph create(String name, Shape image) {
    Graph fresh = Networks.create(name, image, TestImages.task(image.dimension(0)), 1);
    return shaken(SurvivalSchedule.parse("linear:0.5").applyTo(fresh));
  }

  /** The graph with random scales, biases, means and variances in its batch norms. */
  public static Graph shaken(Graph graph) {
    Random random = new Random(3);
    Map<String, Tensor> changed = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (node.operation() instanceof Operation.BatchNorm) {
        changed.put(node.inputs().get(1), vector(graph, node.inputs().get(1), random, 0.6f, 0.8f));
        changed.put(node.inputs().get(2), vector(graph, node.inputs().get(2), random, -0.3f, 0.6f));
        changed.put(node.inputs().get(3), vector(graph, node.inputs().get(3), random, -0.3f, 0.6f));
        changed.put(node.inputs().get(4), vector(graph, node.inputs().get(4), random, 0.5f, 1.5f));
      }
    }
    return graph.withParameters(changed);
  }

  private static Tensor vector(Graph graph, String name, Random random, float least, float room) {
    float[] values = new float[graph.parameter(name).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = least + room * random.nextFloat();
    }
    return Tensor.vector(values);
  }
}

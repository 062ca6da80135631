package shallows.model.interpreter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import shallows.model.graph.Graph;
import shallows.model.graph.Liveness;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** Evaluates a graph node by node, with the stored batch-norm statistics. */
public final class Interpreter {
  private Interpreter() {}

  /**
   * @param batch normalized pixels {@code (N, C, H, W)}
   * @return logits {@code (N, classes)}
   */
  public static Tensor run(Graph graph, Tensor batch) {
    return values(graph, batch, Liveness.releasedBehind(graph)).get(graph.output());
  }

  /**
   * Returns the value of every node by name, each behind the batch axis.
   *
   * @param batch normalized pixels {@code (N, C, H, W)}
   */
  public static Map<String, Tensor> values(Graph graph, Tensor batch) {
    return values(graph, batch, Map.of());
  }

  /**
   * @param released values to let go of behind a node, by its name
   */
  private static Map<String, Tensor> values(
      Graph graph, Tensor batch, Map<String, List<String>> released) {
    int count = batch.shape().rank() == 0 ? 0 : batch.shape().dimension(0);
    if (count == 0 || !batch.shape().equals(graph.input().shape().withBatch(count))) {
      throw new IllegalArgumentException(
          graph.name()
              + " expects images (N, C, H, W) of "
              + graph.input().shape()
              + ", found "
              + batch.shape());
    }
    Map<String, Tensor> values = new HashMap<>(graph.parameters());
    values.put(graph.input().name(), batch);
    for (Node node : graph.nodes()) {
      Shape shape = graph.shape(node.name()).withBatch(count);
      Tensor[] inputs = node.inputs().stream().map(values::get).toArray(Tensor[]::new);
      values.put(node.name(), value(node.operation(), shape, inputs));
      values.keySet().removeAll(released.getOrDefault(node.name(), List.of()));
    }
    return values;
  }

  /**
   * Evaluates one operation.
   *
   * @param shape of the result, behind the batch axis
   * @param inputs in the operation's order: values behind the batch axis, and parameters
   */
  public static Tensor value(Operation operation, Shape shape, Tensor... inputs) {
    return operation.accept(new OperationEvaluation(inputs, shape));
  }
}

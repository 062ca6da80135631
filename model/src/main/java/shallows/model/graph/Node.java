package shallows.model.graph;

import java.util.List;

/**
 * One operation in its place. A node has one output, and that value bears the node's name.
 *
 * @param name unique in its graph, for example {@code stage2/block07/conv1}
 * @param operation what is computed
 * @param inputs names of the graph's input, of earlier nodes or of parameters, in the order that
 *     the operation's description gives
 */
public record Node(String name, Operation operation, List<String> inputs) {
  public Node {
    inputs = List.copyOf(inputs);
  }

  public Node withInputs(List<String> others) {
    return new Node(name, operation, others);
  }

  public Node withOperation(Operation other) {
    return new Node(name, other, inputs);
  }

  /** For example {@code Conv2d 'stage2/block07/conv1'}. */
  @Override
  public String toString() {
    return operation.label() + " '" + name + "'";
  }
}

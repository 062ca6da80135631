package shallows.model.onnx.read;

import java.util.List;
import java.util.Map;

/**
 * What became of the nodes of a file when it was read.
 *
 * @param operators by name, each once
 */
public record OnnxCoverage(List<Operator> operators) {
  public OnnxCoverage {
    operators = List.copyOf(operators);
  }

  /** What may become of a node. */
  public enum Fate {
    /** It is one or several nodes of the graph, or what it reads under another name. */
    READ,
    /** It depends on no pixel, so its value is a constant. */
    FOLDED,
    /** Nothing that goes out depends on it. */
    UNUSED,
    /** It is refused for what it is itself. */
    REFUSED,
    /** It depends on a node that is refused, and is not looked at. */
    BEHIND
  }

  /**
   * The nodes of one operator.
   *
   * @param name of the operator, behind that of its domain where it has one of its own
   * @param nodes how many there are of each fate, which is missing where there are none
   * @param reasons why those that are refused are, each once
   */
  public record Operator(String name, Map<Fate, Integer> nodes, List<String> reasons) {
    public Operator {
      nodes = Map.copyOf(nodes);
      reasons = List.copyOf(reasons);
    }

    public int count(Fate fate) {
      return nodes.getOrDefault(fate, 0);
    }
  }

  /** Whether all that goes out was read. */
  public boolean isWhole() {
    return operators.stream()
        .allMatch(operator -> operator.count(Fate.REFUSED) + operator.count(Fate.BEHIND) == 0);
  }
}

package shallows.train.inference;

import java.util.HashSet;
import java.util.Set;
import shallows.data.LabelledImages;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.train.options.Compute;

/**
 * What dropout does to a batch norm behind it. A value x that is kept with probability p and then
 * counts 1/p times has the mean E[x], but the second moment E[x²]/p: larger than without dropout,
 * as the network is used. So the variance that training took down is that of other values, and
 * every such norm gives too little, the next one of what is too little already (Li et al. 2019,
 * "Understanding the disharmony between dropout and batch normalization by variance shift"). The
 * weights are as good as ever; statistics measured with everything kept put it right.
 */
public final class DropoutShift {
  private DropoutShift() {}

  /**
   * A network that was trained, as it is to be used.
   *
   * @param train training images
   * @return the graph with its statistics measured anew, as {@link BatchNormStatistics} does, if it
   *     has a batch norm behind dropout; else the graph itself
   */
  public static Graph removed(Graph trained, LabelledImages train, Compute compute) {
    return isIn(trained) ? BatchNormStatistics.reestimate(trained, train, compute) : trained;
  }

  /** Whether the answer of a dropout reaches a batch norm, through whatever lies between. */
  static boolean isIn(Graph graph) {
    Set<String> shifted = new HashSet<>();
    for (Node node : graph.nodes()) {
      boolean reached = node.inputs().stream().anyMatch(shifted::contains);
      if (reached && node.operation() instanceof Operation.BatchNorm) {
        return true;
      }
      if (reached || node.operation() instanceof Operation.Dropout dropout && dropout.rate() > 0) {
        shifted.add(node.name());
      }
    }
    return false;
  }
}

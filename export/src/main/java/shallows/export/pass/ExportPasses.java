package shallows.export.pass;

import java.util.List;
import java.util.function.UnaryOperator;
import shallows.model.graph.Graph;
import shallows.model.graph.MergeZeroChannels;

/** All passes in the order in which they run. */
public final class ExportPasses {
  private static final List<UnaryOperator<Graph>> IN_ORDER =
      List.of(
          // Before batch norm and its layers change, which lose the channels of dropped layers.
          MergeZeroChannels::apply,
          MergeScales::apply,
          // Before anything is folded: a Scale by 1 would change no weight, but cost a copy of all.
          RemoveIdentities::apply,
          // Before batch norm goes, since its γ and β are scaled with fewer roundings than weights.
          FoldScale::apply,
          FoldBatchNorm::apply,
          // Last, as the folds bring nodes together; the fusing of the others is up to the writers,
          // because what can be fused differs from format to format.
          RemoveRedundantRelu::apply);

  private ExportPasses() {}

  /**
   * Returns a graph with the same name, input, output values (up to rounding) and task, with batch
   * norm and survival scaling folded into the convolutions.
   */
  public static Graph all(Graph graph) {
    Graph rewritten = graph;
    for (UnaryOperator<Graph> pass : IN_ORDER) {
      rewritten = pass.apply(rewritten);
    }
    return rewritten;
  }
}

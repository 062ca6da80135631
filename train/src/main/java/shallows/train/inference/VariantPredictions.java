package shallows.train.inference;

import java.util.List;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.train.engine.TorchEvaluation;
import shallows.train.options.Compute;

/**
 * Asks several networks about the same images. What they have in common with a trunk is computed
 * once, so that it costs much less to ask all networks that lack one block than to ask each alone;
 * the answers are the same, bit for bit.
 */
public final class VariantPredictions {
  private VariantPredictions() {}

  /**
   * @param trunk the graph that the others were made from; it answers only if it is among them
   * @param graphs at least one
   * @param images normalized as the trunk's task says
   * @param progress hears of one unit an image
   * @return the answers of each graph
   */
  public static List<Predictions> of(
      Graph trunk, List<Graph> graphs, LabelledImages images, Compute compute, Progress progress) {
    try (TorchEvaluation evaluation = new TorchEvaluation(trunk, graphs, compute)) {
      return evaluation
          .logits(
              new NormalizedPixels(images, trunk.task()),
              images.size(),
              count -> progress.advance(count, ""))
          .stream()
          .map(Predictions::new)
          .toList();
    }
  }
}

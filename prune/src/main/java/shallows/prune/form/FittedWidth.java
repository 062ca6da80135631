package shallows.prune.form;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.train.inference.LayerMoments;
import shallows.train.inference.PairedNetworks;

/**
 * The layers that read an inner width, fitted, ready to be made narrower step by step. The first of
 * them says which channels go; the others are fitted to those that stay.
 *
 * @param width at what it is in the graph
 * @param layers in the order of its readers; those that cannot be fitted are missing
 */
record FittedWidth(InnerWidth width, List<Layer> layers) {
  /**
   * One of the readers.
   *
   * @param fit changes as the width gets narrower
   */
  record Layer(FittedLayer layer, LayerMoments moments, LayerFit fit) {}

  /**
   * @param end the last layer of the branch, if that can be fitted to the block's sum
   * @param repairing whether layers before that are fitted to what they gave in the original, else
   *     to what they give now
   */
  static FittedWidth of(
      PairedNetworks run,
      Graph graph,
      InnerWidth width,
      Optional<FittedLayer> end,
      boolean repairing) {
    List<Layer> layers = new ArrayList<>();
    for (Node reader : width.readers()) {
      boolean last = end.isPresent() && end.get().layer().equals(reader.name());
      Optional<FittedLayer> layer = last ? end : FittedLayer.byItself(graph, reader);
      if (layer.isPresent()) {
        LayerMoments moments =
            last || repairing
                ? run.moments(graph, layer.get().layer(), layer.get().compared())
                : run.moments(graph, layer.get().layer());
        layers.add(
            new Layer(
                layer.get(),
                moments,
                new LayerFit(moments, layer.get().weights(graph, moments), width.units())));
      }
    }
    return new FittedWidth(width, layers);
  }

  /** Whether what was fitted is the block's sum. */
  boolean isAtEnd() {
    return layers.stream().anyMatch(l -> !l.layer().compared().equals(l.layer().layer()));
  }

  /**
   * @param units that stay, no more than at the last call
   * @param graph that these layers are in, as they were or with other widths of the branch changed
   */
  Graph to(int units, Graph graph) {
    layers.get(0).fit().eliminateTo(units);
    int[] kept = layers.get(0).fit().kept();
    Graph fitted = graph;
    for (Layer layer : layers) {
      layer.fit().keep(kept);
      fitted = layer.layer().with(fitted, layer.fit().weights(), layer.moments());
    }
    return Narrowing.keep(fitted, width, kept);
  }
}

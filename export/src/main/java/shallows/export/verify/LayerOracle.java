package shallows.export.verify;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import shallows.data.PixelOrder;
import shallows.export.ExportManifest;
import shallows.export.ExportedFile;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.simulate.SimulatedQuantization;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;

/**
 * What each operation of a file has to compute from what it reads: in floats, or, of a file of
 * integers whose scales lie beside it, in simulated quantization.
 */
final class LayerOracle {
  private final Graph graph;
  private final Optional<QuantizedGraph> quantized;
  private final Optional<SimulatedQuantization> simulation;

  private LayerOracle(Graph graph, Optional<QuantizedGraph> quantized) {
    this.graph = quantized.map(QuantizedGraph::graph).orElse(graph);
    this.quantized = quantized;
    this.simulation = quantized.map(SimulatedQuantization::new);
  }

  /**
   * @param graph of the file, or of the reference
   * @param operations of the file
   */
  static LayerOracle of(Path file, Graph graph, Map<String, String> operations) {
    Optional<ExportedFile> exported =
        ExportManifest.of(file).filter(found -> found.precision().isInteger());
    if (exported.isPresent()) {
      Path folder = file.toAbsolutePath().getParent();
      return new LayerOracle(graph, Optional.of(Int8Network.read(exported.get(), folder, graph)));
    }
    boolean whole = graph.nodes().stream().allMatch(node -> operations.containsKey(node.name()));
    return new LayerOracle(whole ? graph : ExportPasses.all(graph), Optional.empty());
  }

  Graph graph() {
    return graph;
  }

  /** What the rounded image is called in our files. */
  List<String> entering() {
    String input = graph.input().name();
    return simulation.isPresent() ? List.of(input + "/integers", input + "/rounded") : List.of();
  }

  /** How far two runs of an operation may be apart that only round differently; 0 of floats. */
  double step(String value) {
    return quantized
        .filter(known -> known.isRounded(value))
        .map(known -> (double) known.quantization(value).scale())
        .orElse(0.0);
  }

  /**
   * Computes the values of one image.
   *
   * @param pixels {@code (1, H, W, C)}
   * @param found what the file computed, by name; each operation is given what the file gave it, so
   *     that the error of one does not count for those behind it
   */
  Map<String, Tensor> values(float[] pixels, Map<String, float[]> found) {
    Map<String, Tensor> given = new HashMap<>(graph.parameters());
    Map<String, Tensor> computed = new HashMap<>();
    String input = graph.input().name();
    Shape shape = graph.input().shape();
    float[] turned = PixelOrder.channelsFirst(pixels, 1, shape.dimension(0));
    Tensor image = new Tensor(shape.withBatch(1), turned);
    given.put(input, simulation.map(rounding -> rounding.entering(turned)).orElse(image));
    // Pixels in the middle between two steps are rounded either way.
    entering().stream()
        .map(found::get)
        .filter(Objects::nonNull)
        .forEach(own -> given.put(input, new Tensor(image.shape(), own)));
    for (Node node : graph.nodes()) {
      Tensor value = value(node, given);
      computed.put(node.name(), value);
      float[] other = found.get(node.name());
      boolean same = other != null && other.length == value.size();
      given.put(node.name(), same ? new Tensor(value.shape(), other) : value);
    }
    return computed;
  }

  private Tensor value(Node node, Map<String, Tensor> given) {
    return simulation
        .map(rounding -> value(rounding, node, given))
        .orElseGet(
            () ->
                Interpreter.value(
                    node.operation(),
                    graph.shape(node.name()).withBatch(1),
                    node.inputs().stream().map(given::get).toArray(Tensor[]::new)));
  }

  private Tensor value(SimulatedQuantization rounding, Node node, Map<String, Tensor> given) {
    boolean rounds = quantized.map(known -> known.isRounded(node.name())).orElse(false);
    return rounds ? rounding.value(node, given) : rounding.unrounded(node, given);
  }
}

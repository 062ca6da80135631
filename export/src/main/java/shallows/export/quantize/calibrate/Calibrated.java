package shallows.export.quantize.calibrate;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import shallows.export.metadata.Provenance;
import shallows.export.quantize.Quantization;
import shallows.export.quantize.QuantizedGraph;
import shallows.model.BadInputException;
import shallows.model.Expect;
import shallows.model.graph.Graph;
import shallows.model.json.JsonFormat;

/**
 * A quantized graph and how its scales were found. What is stored beside the files is the scales
 * and what the biases were corrected by: with the graph they give all integers again, and so
 * everything that a file has to compute.
 *
 * @param ranges how those of values were found
 * @param weights what was done for the weights
 * @param divergence of the quantized graph from the graph, in nats on the images that decided
 * @param pointsLost how far its accuracy on those lies below that of the graph
 * @param layers what 8 bits cost in each layer, in their order, where that was asked, as 8 bits in
 *     all of them cost more than they may; else empty
 */
public record Calibrated(
    QuantizedGraph graph,
    Ranges ranges,
    BiasesCorrected correction,
    WeightRounding weights,
    double divergence,
    double pointsLost,
    List<LayerCost> layers) {
  /**
   * How the ranges of values were found.
   *
   * @param chosen whose these are
   * @param images training images that they were seen on
   * @param heldOut images that decided
   * @param divergences of each calibrator's network from the graph, in nats, on those
   */
  public record Ranges(
      Calibrator chosen, int images, int heldOut, Map<Calibrator, Double> divergences) {
    public Ranges {
      divergences = Map.copyOf(divergences);
    }
  }

  /**
   * What came of correcting biases, see {@link BiasCorrection}.
   *
   * @param divergence with corrected biases, in nats, on the images that decided
   * @param kept whether that is smaller than without
   * @param biases where it was kept, what was added to those of each layer, in units of what the
   *     layer computes; else empty, also where {@link Calibrated#ofOtherWeights} has it in its own
   */
  public record BiasesCorrected(double divergence, boolean kept, Map<String, float[]> biases) {
    public BiasesCorrected {
      biases = Collections.unmodifiableMap(new TreeMap<>(biases));
    }
  }

  public Calibrated {
    layers = List.copyOf(layers);
    if (weights.isOfOtherWeights()) {
      correction = new BiasesCorrected(correction.divergence(), correction.kept(), Map.of());
    }
  }

  /** How many images decided. */
  public int heldOut() {
    return ranges.heldOut();
  }

  /**
   * The network whose integers these are, corrected biases and all, where it has other weights than
   * the one that was calibrated: files are verified against it.
   */
  public Optional<Graph> ofOtherWeights() {
    return weights.isOfOtherWeights() ? Optional.of(graph.graph()) : Optional.empty();
  }

  /** The layers that compute in floats all the same, in their order. */
  public List<LayerCost> floats() {
    return layers.stream().filter(LayerCost::inFloats).toList();
  }

  /** The same scales with some layers in floats. */
  Calibrated withLayers(
      QuantizedGraph other,
      BiasesCorrected biases,
      double farther,
      double lost,
      List<LayerCost> costs) {
    return new Calibrated(other, ranges, biases, weights, farther, lost, costs);
  }

  /** The same, where layers were measured and all stay integers. */
  Calibrated withCosts(List<LayerCost> costs) {
    return withLayers(graph, correction, divergence, pointsLost, costs);
  }

  /** The same, whose network says what was done for its weights, if anything was. */
  public Calibrated signed() {
    return weights.isUnusual()
        ? new Calibrated(
            graph.withMetadata(Provenance.WEIGHTS, weights.inWords()),
            ranges,
            correction,
            weights,
            divergence,
            pointsLost,
            layers)
        : this;
  }

  /**
   * The same scales for other weights; divergences and points stay those that were found before.
   *
   * @param network like {@link QuantizedGraph#graph}, with other parameters
   */
  public Calibrated withNetwork(Graph network) {
    return new Calibrated(
        QuantizedGraph.of(network, graph.quantizations()).with(weights.scales()),
        ranges,
        // What was added to biases is in those of that network.
        new BiasesCorrected(correction.divergence(), false, Map.of()),
        weights,
        divergence,
        pointsLost,
        List.of());
  }

  /** The content of the file. */
  record Stored(
      Calibrator calibrator,
      int images,
      int heldOut,
      Map<String, Double> divergences,
      BiasesCorrected correction,
      WeightRounding weights,
      List<LayerCost> layers,
      Map<String, Quantization> values) {
    Stored {
      Expect.atLeast(0, "images", images);
      Expect.atLeast(0, "heldOut", heldOut);
      Expect.present("weights", weights);
      layers = Expect.list("layers", layers);
    }
  }

  static final JsonFormat<Stored> FORMAT =
      new JsonFormat<>(Stored.class, "the scales of int8 files", "export the run again");

  /**
   * @throws BadInputException when the file cannot be written
   */
  public void write(Path file) {
    Map<String, Double> byLabel = new TreeMap<>();
    ranges
        .divergences()
        .forEach((calibrator, divergence) -> byLabel.put(calibrator.label(), divergence));
    Stored stored =
        new Stored(
            ranges.chosen(),
            ranges.images(),
            ranges.heldOut(),
            byLabel,
            correction,
            weights,
            layers,
            graph.quantizations());
    FORMAT.write(stored, file);
  }

  /**
   * What 8 bits cost in each layer, as a file tells it; empty where that was not asked.
   *
   * @throws BadInputException when the file is missing or damaged
   */
  public static List<LayerCost> layers(Path file) {
    return FORMAT.read(file).layers();
  }

  /**
   * The graph with the scales of a file.
   *
   * @param folded the same graph as it was written of
   * @throws BadInputException when the file is missing or holds those of another graph
   */
  public static QuantizedGraph read(Path file, Graph folded) {
    Stored stored = FORMAT.read(file);
    try {
      Set<String> floats =
          stored.layers().stream()
              .filter(LayerCost::inFloats)
              .map(LayerCost::layer)
              .collect(Collectors.toSet());
      return QuantizedGraph.of(folded, stored.values(), stored.correction().biases(), floats)
          .with(stored.weights().scales());
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          file,
          "the scales of " + folded.name(),
          "those of another network",
          "export the run again, or name the network that the file was made of",
          e);
    }
  }
}

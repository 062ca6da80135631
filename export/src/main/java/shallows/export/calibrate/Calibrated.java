package shallows.export.calibrate;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import shallows.export.quantize.Quantization;
import shallows.export.quantize.QuantizedGraph;
import shallows.model.BadInputException;
import shallows.model.file.AtomicFile;
import shallows.model.graph.Graph;

/**
 * A quantized graph and how its scales were found. What is stored beside the files is the scales
 * and what the biases were corrected by: with the graph they give all integers again, and so
 * everything that a file has to compute.
 *
 * @param chosen whose scales these are
 * @param images training images that ranges were seen on
 * @param heldOut images that decided
 * @param divergences of each calibrator's network from the graph, in nats, on those
 * @param correction of the biases of the chosen one
 * @param pointsLost how far the quantized graph's accuracy on those lies below that of the graph
 */
public record Calibrated(
    QuantizedGraph graph,
    Calibrator chosen,
    int images,
    int heldOut,
    Map<Calibrator, Double> divergences,
    BiasesCorrected correction,
    double pointsLost) {
  /**
   * What came of correcting biases, see {@link BiasCorrection}.
   *
   * @param divergence with corrected biases, in nats, on the images that decided
   * @param kept whether that is smaller than without
   * @param biases where it was kept, what was added to those of each layer, in units of what the
   *     layer computes; else empty
   */
  public record BiasesCorrected(double divergence, boolean kept, Map<String, float[]> biases) {
    public BiasesCorrected {
      biases = Collections.unmodifiableMap(new TreeMap<>(biases));
    }
  }

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  public Calibrated {
    divergences = Map.copyOf(divergences);
  }

  /**
   * The same scales for other weights.
   *
   * @param network like {@link QuantizedGraph#graph}, with other parameters
   */
  public Calibrated withNetwork(Graph network) {
    return new Calibrated(
        QuantizedGraph.of(network, graph.quantizations()),
        chosen,
        images,
        heldOut,
        divergences,
        // What was added to biases is in those of that network.
        new BiasesCorrected(correction.divergence(), false, Map.of()),
        pointsLost);
  }

  /** The content of the file; those of before have no correction. */
  private record Stored(
      Calibrator calibrator,
      int images,
      int heldOut,
      Map<String, Double> divergences,
      BiasesCorrected correction,
      Map<String, Quantization> values) {}

  /**
   * @throws BadInputException when the file cannot be written
   */
  public void write(Path file) {
    Map<String, Double> byLabel = new TreeMap<>();
    divergences.forEach((calibrator, divergence) -> byLabel.put(calibrator.label(), divergence));
    Stored stored = new Stored(chosen, images, heldOut, byLabel, correction, graph.quantizations());
    AtomicFile.writeText(file, GSON.toJson(stored) + "\n");
  }

  /**
   * The graph with the scales of a file.
   *
   * @param folded the same graph as it was written of
   * @throws BadInputException when the file is missing or holds those of another graph
   */
  public static QuantizedGraph read(Path file, Graph folded) {
    String json;
    try {
      json = Files.readString(file);
    } catch (IOException e) {
      throw new BadInputException(
          file + ": expected the scales of the int8 files, found nothing; export the run again", e);
    }
    RuntimeException cause;
    try {
      Stored stored = GSON.fromJson(json, Stored.class);
      Map<String, float[]> biases =
          stored.correction() == null ? Map.of() : stored.correction().biases();
      return QuantizedGraph.of(folded, stored.values(), biases);
    } catch (RuntimeException e) {
      // Gson wraps what constructors throw into exceptions of no type of their own.
      cause = e;
    }
    throw new BadInputException(
        file
            + ": expected the scales of "
            + folded.name()
            + ", found those of another network; export the run again, or name the network that"
            + " the file was made of",
        cause);
  }
}

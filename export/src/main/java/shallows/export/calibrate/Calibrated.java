package shallows.export.calibrate;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import shallows.export.quantize.Quantization;
import shallows.export.quantize.QuantizedGraph;
import shallows.model.BadInputException;
import shallows.model.file.AtomicFile;
import shallows.model.graph.Graph;

/**
 * A quantized graph and how its scales were found. What is stored beside the files is the scales:
 * with the graph they give the weights again, and so everything that a file has to compute.
 *
 * @param chosen whose scales these are
 * @param images training images that ranges were seen on
 * @param heldOut images that decided
 * @param divergences of each calibrator's network from the graph, in nats, on those
 * @param pointsLost how far the quantized graph's accuracy on those lies below that of the graph
 */
public record Calibrated(
    QuantizedGraph graph,
    Calibrator chosen,
    int images,
    int heldOut,
    Map<Calibrator, Double> divergences,
    double pointsLost) {
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
        pointsLost);
  }

  /** The content of the file. */
  private record Stored(
      Calibrator calibrator,
      int images,
      int heldOut,
      Map<String, Double> divergences,
      Map<String, Quantization> values) {}

  /**
   * @throws BadInputException when the file cannot be written
   */
  public void write(Path file) {
    Map<String, Double> byLabel = new TreeMap<>();
    divergences.forEach((calibrator, divergence) -> byLabel.put(calibrator.label(), divergence));
    Stored stored = new Stored(chosen, images, heldOut, byLabel, graph.quantizations());
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
      return QuantizedGraph.of(folded, stored.values());
    } catch (RuntimeException e) {
      // Gson wraps what constructors throw into exceptions of no type of their own.
      cause = e;
    }
    throw new BadInputException(
        file + ": expected the scales of " + folded.name() + ", found others; export the run again",
        cause);
  }
}

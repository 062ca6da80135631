package shallows.export.metadata;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import shallows.model.graph.Graph;

/**
 * Where a network comes from, as its exported files say it. It travels as metadata of the graph, so
 * every writer takes it along.
 *
 * <p>The accuracy of a file is not known before the file is written, see {@link StatedAccuracy}.
 *
 * @param tool name and version of what wrote the file
 * @param network the architecture that was trained
 * @param data the images it was trained on
 * @param licence of these images, where it is known
 * @param seed of the training
 * @param survival the schedule of stochastic depth
 * @param plan what became of the blocks, in a few words
 */
public record Provenance(
    String tool,
    String network,
    String data,
    Optional<String> licence,
    long seed,
    String survival,
    String plan) {
  static final String PREFIX = "shallows.provenance.";

  /** The key of what was done for weights of 8 bits. */
  public static final String WEIGHTS = PREFIX + "weights";

  static final String TOOL = "tool";
  static final String LICENCE = "licence";
  static final String ACCURACY = "accuracy";

  public Provenance {
    for (String text : new String[] {tool, network, data, survival, plan, licence.orElse("none")}) {
      if (text.isBlank()) {
        throw new IllegalArgumentException("a provenance names everything, found a blank");
      }
    }
  }

  /** The same graph, with this in its metadata. */
  public Graph applyTo(Graph graph) {
    Graph signed = graph;
    for (Map.Entry<String, String> entry : entries().entrySet()) {
      signed = signed.withMetadata(PREFIX + entry.getKey(), entry.getValue());
    }
    return signed;
  }

  /**
   * The same graph, which says that its weights were fine-tuned for 8 bits.
   *
   * @param how in a few words
   */
  public static Graph withTuning(Graph graph, String how) {
    return graph.withMetadata(PREFIX + "int8", how);
  }

  private Map<String, String> entries() {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put(TOOL, tool);
    entries.put("network", network);
    entries.put("data", data);
    licence.ifPresent(text -> entries.put(LICENCE, text));
    entries.put("seed", String.valueOf(seed));
    entries.put("survival", survival);
    entries.put("plan", plan);
    return entries;
  }

  /** What a graph says of where it comes from, by the words above; empty where it says nothing. */
  static Map<String, String> of(Graph graph) {
    Map<String, String> entries = new LinkedHashMap<>();
    graph
        .metadata()
        .forEach(
            (key, value) -> {
              if (key.startsWith(PREFIX)) {
                entries.put(key.substring(PREFIX.length()), value);
              }
            });
    return entries;
  }
}

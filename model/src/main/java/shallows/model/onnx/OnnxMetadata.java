package shallows.model.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import com.google.gson.reflect.TypeToken;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Task;
import shallows.model.json.JsonFormat;

/**
 * What a graph knows beyond its operations, as the metadata of an ONNX file: JSON under three keys
 * of ours, and every other entry as it is.
 *
 * <pre>
 * shallows.blocks  [{"name", "shortcut", "branch", "sum"}]
 * shallows.binary  ["name of a convolution with binary weights"]
 * shallows.task    {"labels": [..], "mean": [..], "deviation": [..]}
 * </pre>
 *
 * @param blocks empty where the file does not say
 * @param binary names of convolutions
 * @param task empty where the file holds none
 * @param others by their own keys, in the order of the file
 */
public record OnnxMetadata(
    Optional<List<Block>> blocks,
    Set<String> binary,
    Optional<Task> task,
    Map<String, String> others) {
  /** Who wrote a file of ours, as it says itself. */
  public static final String PRODUCER = "shallows";

  private static final String BLOCKS = "shallows.blocks";
  private static final String BINARY = "shallows.binary";
  private static final String TASK = "shallows.task";

  private static final JsonFormat<List<Block>> BLOCK_LIST =
      new JsonFormat<>(new TypeToken<List<Block>>() {}, "blocks", null);
  private static final JsonFormat<List<String>> NAME_LIST =
      new JsonFormat<>(new TypeToken<List<String>>() {}, "names", null);
  private static final JsonFormat<Task> TASK_OBJECT = new JsonFormat<>(Task.class, "a task", null);

  public static void write(Graph graph, ModelProto.Builder model) {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put(BLOCKS, JsonFormat.compact(graph.blocks()));
    entries.put(BINARY, JsonFormat.compact(binaryNodes(graph)));
    entries.put(TASK, JsonFormat.compact(graph.task()));
    graph
        .metadata()
        .forEach(
            (key, value) -> {
              if (entries.put(key, value) != null) {
                throw new IllegalArgumentException(
                    "metadata key '" + key + "' is one that the file itself uses");
              }
            });
    entries.forEach((key, value) -> model.addMetadataPropsBuilder().setKey(key).setValue(value));
  }

  private static List<String> binaryNodes(Graph graph) {
    List<String> names = new ArrayList<>();
    graph
        .nodes()
        .forEach(
            node -> {
              if (node.operation() instanceof Operation.Conv2d conv
                  && conv.precision() == Precision.BINARY) {
                names.add(node.name());
              }
            });
    return names;
  }

  /**
   * @throws IllegalArgumentException naming the key whose value is not what we write
   */
  public static OnnxMetadata read(ModelProto model) {
    Map<String, String> others = new LinkedHashMap<>();
    for (StringStringEntryProto entry : model.getMetadataPropsList()) {
      if (others.put(entry.getKey(), entry.getValue()) != null) {
        throw new IllegalArgumentException("metadata key '" + entry.getKey() + "' is there twice");
      }
    }
    Optional<List<Block>> blocks = parse(BLOCKS, others, BLOCK_LIST);
    List<String> binary = parse(BINARY, others, NAME_LIST).orElse(List.of());
    Optional<Task> task = parse(TASK, others, TASK_OBJECT);
    return new OnnxMetadata(blocks, Set.copyOf(binary), task, others);
  }

  /**
   * @throws IllegalArgumentException when a name is not that of a convolution
   */
  public List<Node> withBinary(List<Node> nodes) {
    TreeSet<String> missing = new TreeSet<>(binary);
    List<Node> result = new ArrayList<>();
    for (Node node : nodes) {
      boolean found = node.operation() instanceof Operation.Conv2d && missing.remove(node.name());
      result.add(
          found
              ? node.withOperation(
                  ((Operation.Conv2d) node.operation()).withPrecision(Precision.BINARY))
              : node);
    }
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "metadata " + BINARY + ": expected convolutions, found '" + missing.first() + "'");
    }
    return result;
  }

  /**
   * @throws IllegalArgumentException when the task is that of another network
   */
  public void requireFits(Graph graph) {
    task.ifPresent(
        stated -> {
          require(stated.labels().size(), graph.classes(), "labels, one an output");
          require(stated.mean().size(), graph.input().shape().dimension(0), "means, one a channel");
        });
  }

  private static void require(int found, int expected, String what) {
    if (found != expected) {
      throw new IllegalArgumentException(
          "metadata " + TASK + ": expected " + expected + " " + what + ", found " + found);
    }
  }

  /** Takes the entry out of {@code entries}. */
  private static <T> Optional<T> parse(
      String key, Map<String, String> entries, JsonFormat<T> format) {
    try {
      return Optional.ofNullable(entries.remove(key)).map(json -> format.parse(json, key));
    } catch (BadInputException e) {
      throw new IllegalArgumentException("metadata " + e.getMessage(), e);
    }
  }
}

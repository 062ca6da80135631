package shallows.model.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Task;

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

  // Labels in any script, and names with < or =, stay readable in a viewer.
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  public static void write(Graph graph, ModelProto.Builder model) {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put(BLOCKS, GSON.toJson(graph.blocks()));
    entries.put(BINARY, GSON.toJson(binaryNodes(graph)));
    entries.put(TASK, GSON.toJson(graph.task()));
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
    Optional<List<Block>> blocks = parse(BLOCKS, others, list(OnnxMetadata::block));
    List<String> binary = parse(BINARY, others, list(OnnxMetadata::text)).orElse(List.of());
    Optional<Task> task = parse(TASK, others, OnnxMetadata::task);
    return new OnnxMetadata(blocks, Set.copyOf(binary), task, others);
  }

  /** Takes the entry out of {@code entries}. */
  private static <T> Optional<T> parse(
      String key, Map<String, String> entries, Function<JsonElement, T> reading) {
    String json = entries.remove(key);
    if (json == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(reading.apply(JsonParser.parseString(json)));
    } catch (JsonParseException | IllegalArgumentException | IllegalStateException e) {
      throw new IllegalArgumentException("metadata " + key + ": " + e.getMessage(), e);
    }
  }

  private static Block block(JsonElement json) {
    JsonObject block = json.getAsJsonObject();
    return new Block(
        text(member(block, "name")),
        text(member(block, "shortcut")),
        text(member(block, "branch")),
        text(member(block, "sum")));
  }

  private static Task task(JsonElement json) {
    JsonObject task = json.getAsJsonObject();
    return new Task(
        list(OnnxMetadata::text).apply(member(task, "labels")),
        list(OnnxMetadata::number).apply(member(task, "mean")),
        list(OnnxMetadata::number).apply(member(task, "deviation")));
  }

  private static JsonElement member(JsonObject object, String name) {
    JsonElement member = object.get(name);
    if (member == null) {
      throw new IllegalArgumentException(
          "expected a member " + name + ", found " + object.keySet());
    }
    return member;
  }

  private static <T> Function<JsonElement, List<T>> list(Function<JsonElement, T> reading) {
    return json -> {
      List<T> read = new ArrayList<>();
      JsonArray array = json.getAsJsonArray();
      array.forEach(element -> read.add(reading.apply(element)));
      return read;
    };
  }

  private static String text(JsonElement json) {
    if (!json.isJsonPrimitive() || !json.getAsJsonPrimitive().isString()) {
      throw new IllegalArgumentException("expected a text, found " + json);
    }
    return json.getAsString();
  }

  /** Straight from the digits: by way of a double the last bit of a float may change. */
  private static float number(JsonElement json) {
    if (!json.isJsonPrimitive() || !json.getAsJsonPrimitive().isNumber()) {
      throw new IllegalArgumentException("expected a number, found " + json);
    }
    float number = Float.parseFloat(json.getAsString());
    if (!Float.isFinite(number)) {
      throw new IllegalArgumentException("expected a finite number, found " + json);
    }
    return number;
  }
}

package shallows.train.checkpoint;

import com.google.gson.reflect.TypeToken;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shallows.model.BadInputException;
import shallows.model.graph.Tensor;
import shallows.model.json.JsonFormat;

/**
 * Where a training stands after a step. In its file the tensor {@code t} of the state {@code s} is
 * named {@code s:t}, and its texts likewise.
 *
 * @param identity what the training is of: options, network, images, each as a text. Another
 *     training cannot go on from here
 * @param step how many steps were done
 * @param states of the components by name, which is without a colon
 */
public record Checkpoint(Map<String, String> identity, long step, Map<String, State> states) {
  private static final String FORMAT = "shallows.checkpoint";
  private static final String VERSION = "2";
  private static final String IDENTITY = "identity";
  private static final String STEP = "step";
  private static final String STATES = "states";
  private static final String SEPARATOR = ":";
  private static final JsonFormat<List<String>> NAMES =
      new JsonFormat<>(new TypeToken<List<String>>() {}, "names", null);
  private static final JsonFormat<Map<String, String>> TEXTS =
      new JsonFormat<>(new TypeToken<Map<String, String>>() {}, "texts", null);

  public Checkpoint {
    for (String name : states.keySet()) {
      if (name.contains(SEPARATOR)) {
        throw new IllegalArgumentException("a state's name has no colon, found '" + name + "'");
      }
    }
  }

  /** The states of these components as they are now. */
  public static Checkpoint of(
      Map<String, String> identity, long step, Map<String, Restorable> components) {
    Map<String, State> states = new LinkedHashMap<>();
    components.forEach((name, component) -> states.put(name, component.state()));
    return new Checkpoint(identity, step, states);
  }

  /**
   * Puts the components back to where they were.
   *
   * @param file for the message
   * @throws BadInputException when a state is missing or does not fit its component
   */
  public void restore(Path file, Map<String, Restorable> components) {
    components.forEach(
        (name, component) -> {
          State state = states.get(name);
          try {
            if (state == null) {
              throw new IllegalArgumentException("no such state");
            }
            component.restore(state);
          } catch (IllegalArgumentException | BadInputException e) {
            throw new BadInputException(
                file, "the state of '" + name + "'", e.getMessage(), SafeTensors.WAY_OUT, e);
          }
        });
  }

  /** Replaces the file in one move. */
  public void write(Path file) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(FORMAT, VERSION);
    texts.put(IDENTITY, JsonFormat.compact(identity));
    texts.put(STEP, String.valueOf(step));
    texts.put(STATES, JsonFormat.compact(states.keySet()));
    states.forEach(
        (name, state) -> {
          state.tensors().forEach((key, value) -> tensors.put(name + SEPARATOR + key, value));
          state.texts().forEach((key, value) -> texts.put(name + SEPARATOR + key, value));
        });
    SafeTensors.write(file, new State(tensors, texts));
  }

  /**
   * @throws BadInputException when the file is damaged or something else
   */
  public static Checkpoint read(Path file) {
    State content = SafeTensors.read(file);
    String version = content.texts().get(FORMAT);
    if (!VERSION.equals(version)) {
      throw new BadInputException(
          file,
          "a checkpoint of version " + VERSION,
          version == null ? "a safetensors file of another kind" : "version " + version,
          SafeTensors.WAY_OUT);
    }
    try {
      return parse(content);
    } catch (IllegalArgumentException | BadInputException e) {
      throw new BadInputException(
          file, "a whole checkpoint", e.getMessage(), SafeTensors.WAY_OUT, e);
    }
  }

  private static Checkpoint parse(State content) {
    Map<String, Map<String, Tensor>> tensors = byState(content.tensors());
    Map<String, Map<String, String>> texts = byState(content.texts());
    Map<String, State> states = new LinkedHashMap<>();
    for (String name : content.value(STATES, NAMES)) {
      states.put(
          name,
          new State(tensors.getOrDefault(name, Map.of()), texts.getOrDefault(name, Map.of())));
    }
    return new Checkpoint(
        content.value(IDENTITY, TEXTS), Long.parseLong(content.text(STEP)), states);
  }

  /** What belongs to a state, by the state's name and its own. */
  private static <T> Map<String, Map<String, T>> byState(Map<String, T> all) {
    Map<String, Map<String, T>> byState = new LinkedHashMap<>();
    all.forEach(
        (name, value) -> {
          String[] path = name.split(SEPARATOR, 2);
          if (path.length == 2) {
            byState.computeIfAbsent(path[0], state -> new LinkedHashMap<>()).put(path[1], value);
          }
        });
    return byState;
  }

  /**
   * @param file for the message
   * @param other of the training that wants to go on from here
   * @throws BadInputException naming the first thing that differs
   */
  public void requireIdentity(Path file, Map<String, String> other) {
    for (Map.Entry<String, String> expected : other.entrySet()) {
      String found = identity.get(expected.getKey());
      if (!expected.getValue().equals(found)) {
        throw new BadInputException(
            file,
            "a checkpoint of this training (" + expected.getKey() + " " + expected.getValue() + ")",
            found,
            "resume with the settings it was started with, or train into another folder");
      }
    }
  }
}

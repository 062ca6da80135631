package shallows.train.checkpoint;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import shallows.model.BadInputException;
import shallows.model.graph.Tensor;

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
          } catch (IllegalArgumentException | JsonParseException e) {
            throw new BadInputException(
                "%s: expected the state of '%s', found %s; %s"
                    .formatted(file, name, e.getMessage(), SafeTensors.WAY_OUT),
                e);
          }
        });
  }

  /** Replaces the file in one move. */
  public void write(Path file) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, String> texts = new LinkedHashMap<>();
    Gson gson = new Gson();
    texts.put(FORMAT, VERSION);
    texts.put(IDENTITY, gson.toJson(identity));
    texts.put(STEP, String.valueOf(step));
    texts.put(STATES, gson.toJson(states.keySet()));
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
          "%s: expected a checkpoint of version %s, found %s; %s"
              .formatted(
                  file,
                  VERSION,
                  version == null ? "a safetensors file of another kind" : "version " + version,
                  SafeTensors.WAY_OUT));
    }
    try {
      return parse(content);
    } catch (JsonParseException | NullPointerException | IllegalArgumentException e) {
      throw new BadInputException(
          file + ": expected a whole checkpoint, found parts missing; " + SafeTensors.WAY_OUT, e);
    }
  }

  private static Checkpoint parse(State content) {
    Gson gson = new Gson();
    Map<String, Map<String, Tensor>> tensors = byState(content.tensors());
    Map<String, Map<String, String>> texts = byState(content.texts());
    Map<String, State> states = new LinkedHashMap<>();
    for (String name : gson.fromJson(content.text(STATES), String[].class)) {
      states.put(
          name,
          new State(tensors.getOrDefault(name, Map.of()), texts.getOrDefault(name, Map.of())));
    }
    Map<String, String> identity =
        gson.fromJson(content.text(IDENTITY), new TypeToken<Map<String, String>>() {});
    return new Checkpoint(identity, Long.parseLong(content.text(STEP)), states);
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
            "%s: expected a checkpoint of this training (%s %s), found %s; resume with the options"
                    .formatted(file, expected.getKey(), expected.getValue(), found)
                + " it was started with, or train into another folder");
      }
    }
  }
}

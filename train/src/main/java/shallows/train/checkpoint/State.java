package shallows.train.checkpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import shallows.model.BadInputException;
import shallows.model.graph.Tensor;
import shallows.model.json.JsonFormat;

/**
 * The state of one component of a training at some step: everything that it cannot derive again.
 *
 * @param tensors by name, in the order in which they are written
 * @param texts by name: numbers and lists as JSON, or anything else that is short
 */
public record State(Map<String, Tensor> tensors, Map<String, String> texts) {
  public State {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
  }

  public static State of(Map<String, Tensor> tensors) {
    return new State(tensors, Map.of());
  }

  public static State ofText(String name, String text) {
    return new State(Map.of(), Map.of(name, text));
  }

  /**
   * @throws IllegalArgumentException when there is none of that name
   */
  public Tensor tensor(String name) {
    return required(tensors.get(name), name);
  }

  /**
   * @throws IllegalArgumentException when there is none of that name
   */
  public String text(String name) {
    return required(texts.get(name), name);
  }

  /**
   * @throws IllegalArgumentException when there is none of that name
   * @throws BadInputException when its text is something else
   */
  public <T> T value(String name, JsonFormat<T> format) {
    return format.parse(text(name), name);
  }

  /** The tensors whose names begin with {@code prefix}, by the rest of their names. */
  public Map<String, Tensor> tensors(String prefix) {
    Map<String, Tensor> some = new LinkedHashMap<>();
    tensors.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            some.put(name.substring(prefix.length()), value);
          }
        });
    return some;
  }

  private static <T> T required(T value, String name) {
    if (value == null) {
      throw new IllegalArgumentException("no '" + name + "' where one is needed");
    }
    return value;
  }
}

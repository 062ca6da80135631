package shallows.train.jobs;

import java.io.Serializable;

/**
 * A piece of work. It is a value: two jobs of equal settings do the same, and running one twice
 * leaves the same files.
 *
 * @param <R> what comes of it, a record that {@link shallows.model.json.JsonFormat} can write
 */
public interface Job<R> extends Serializable {
  /** The name of its folder: letters, digits, dots and dashes, different for different work. */
  String name();

  Class<R> resultType();

  /** Whether it computes with LibTorch, which whoever does it then has to have. */
  default boolean needsTorch() {
    return true;
  }

  /**
   * Does the work.
   *
   * @param jobs gives the results of those that this one builds upon, and the folder to write to
   */
  R run(Jobs jobs);
}

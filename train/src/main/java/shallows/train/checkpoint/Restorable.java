package shallows.train.checkpoint;

import java.util.Map;
import shallows.model.graph.Tensor;

/**
 * A component of a training whose state changes from step to step and has to survive an
 * interruption. A training hands all of its components to its checkpoints by name; nothing else is
 * needed for a new component to be saved, restored and rolled back.
 */
public interface Restorable {
  /** The state now. The component may go on afterwards without changing what it returned. */
  State state();

  /**
   * Goes back to an earlier state, to the last bit.
   *
   * @throws IllegalArgumentException when it is no state of a component like this one
   */
  void restore(State state);

  /** Numbers that are written in place, as many as there are at the beginning. */
  static Restorable of(float[] values) {
    return new Restorable() {
      private static final String VALUES = "values";

      @Override
      public State state() {
        return State.of(Map.of(VALUES, Tensor.vector(values.clone())));
      }

      @Override
      public void restore(State state) {
        Tensor earlier = state.tensor(VALUES);
        if (earlier.size() != values.length) {
          throw new IllegalArgumentException(
              earlier.size() + " values where " + values.length + " are needed");
        }
        System.arraycopy(earlier.values(), 0, values, 0, values.length);
      }
    };
  }
}

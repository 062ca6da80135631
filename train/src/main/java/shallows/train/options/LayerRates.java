package shallows.train.options;

import java.util.Set;
import shallows.model.Expect;

/**
 * Learning rates that differ between the layers of a network.
 *
 * @param full names of the parameters that learn at the rate of the schedule
 * @param others share of that rate for all other parameters, in (0, 1]
 */
public record LayerRates(Set<String> full, double others) {
  /** All at the rate of the schedule. */
  public static final LayerRates ALIKE = new LayerRates(Set.of(), 1);

  public LayerRates {
    full = Set.copyOf(full);
    Expect.require(others > 0 && others <= 1, "others", "more than 0 and at most 1", others);
  }
}

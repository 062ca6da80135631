package shallows.train.evidence;

import java.util.List;

/**
 * One change of learned survival probabilities.
 *
 * @param step how many steps had been done
 * @param survival the probability of each block from there on, in [0, 1], shallowest first
 */
public record SurvivalUpdate(int step, List<Float> survival) {
  public SurvivalUpdate {
    if (step < 0 || survival == null || survival.stream().anyMatch(p -> !(p >= 0 && p <= 1))) {
      throw new IllegalArgumentException(
          "an update must have a step and survival probabilities in [0, 1], found "
              + step
              + " and "
              + survival);
    }
    survival = List.copyOf(survival);
  }
}

package shallows.prune.plan;

import java.util.Comparator;
import java.util.List;
import shallows.model.BadInputException;
import shallows.model.Setting;
import shallows.model.graph.Graph;

/**
 * One size that a network is wanted in.
 *
 * @param name which names its folder and its files too: lower-case letters, digits and dashes
 * @param budget what it may cost
 */
public record FamilyMember(String name, Budget budget) {
  static final String NAME = "[a-z][a-z0-9-]{0,30}";

  public FamilyMember {
    if (!name.matches(NAME)) {
      throw new IllegalArgumentException(
          "a member's name must be lower-case letters, digits and dashes, found '" + name + "'");
    }
  }

  /** By bytes, then by MACs, then by time; a limit that is not there counts as the largest. */
  public static List<FamilyMember> largestFirst(List<FamilyMember> members) {
    Comparator<FamilyMember> smallestFirst =
        Comparator.<FamilyMember>comparingLong(m -> m.budget().maxBytes().orElse(Long.MAX_VALUE))
            .thenComparingLong(m -> m.budget().maxMacs().orElse(Long.MAX_VALUE))
            .thenComparingDouble(m -> m.budget().maxLatency().orElse(Double.MAX_VALUE));
    return members.stream().sorted(smallestFirst.reversed()).toList();
  }

  /**
   * What to say when it cannot be had.
   *
   * @param smallest every block dropped
   */
  public BadInputException outOfReach(Graph smallest) {
    return BadInputException.of(
        Setting.FAMILY,
        "'"
            + name
            + "' cannot be met: with every block dropped there are "
            + String.join(" and ", budget.misses(budget.footprint(smallest))),
        "allow it more",
        null);
  }
}

package shallows.prune;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import shallows.model.graph.Cost;

/**
 * How small the network must get, or how much worse it may get.
 *
 * @param maxDrop points of accuracy on held-out images that the planned network may lose against
 *     the full one; 1 is one percent of the images; at least 0
 * @param maxBytes of the weights; empty where size is not limited
 * @param maxMacs for one image; empty where work is not limited
 */
public record Budget(double maxDrop, OptionalLong maxBytes, OptionalLong maxMacs) {
  public Budget {
    if (!(maxDrop >= 0 && maxDrop <= 100)) {
      throw new IllegalArgumentException("maxDrop must lie in [0, 100], found " + maxDrop);
    }
  }

  /** As small as {@code maxDrop} points of accuracy allow. */
  public static Budget ofDrop(double maxDrop) {
    return new Budget(maxDrop, OptionalLong.empty(), OptionalLong.empty());
  }

  /** Whether a size was asked for; then pruning ends when it is reached. */
  boolean isSized() {
    return maxBytes.isPresent() || maxMacs.isPresent();
  }

  /** Whether a network of this cost is small enough; never true where no size was asked for. */
  boolean isMet(Cost cost) {
    return isSized()
        && cost.bytes() <= maxBytes.orElse(Long.MAX_VALUE)
        && cost.macs() <= maxMacs.orElse(Long.MAX_VALUE);
  }

  /** For example {@code at most 100,000 bytes and 5,000,000 MACs}. */
  String inWords() {
    List<String> limits = new ArrayList<>();
    maxBytes.ifPresent(bytes -> limits.add(String.format(Locale.ROOT, "%,d bytes", bytes)));
    maxMacs.ifPresent(macs -> limits.add(String.format(Locale.ROOT, "%,d MACs", macs)));
    return limits.isEmpty() ? "no size" : "at most " + String.join(" and ", limits);
  }

  /**
   * What taking {@code saved} away from a network is worth, in [0, 1]: the share of what is
   * limited, or the mean of the shares of bytes and MACs where nothing is.
   */
  double worth(Cost saved, Cost full) {
    double bytes = (double) saved.bytes() / full.bytes();
    double macs = (double) saved.macs() / full.macs();
    if (maxBytes.isPresent() == maxMacs.isPresent()) {
      return (bytes + macs) / 2;
    }
    return maxBytes.isPresent() ? bytes : macs;
  }
}

package shallows.prune.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import shallows.data.evaluation.AccuracyLoss;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;

/**
 * How small or fast the network must get, and how much worse it may get. Limits hold together.
 *
 * @param maxDrop points of accuracy that the planned network may lose against the full one, as far
 *     as held-out images tell ({@link AccuracyLoss}); 1 is one percent of the images; at least 0
 * @param maxBytes as the meter counts them; empty where size is not limited
 * @param maxMacs for one image; empty where work is not limited
 * @param maxLatency in ms for one image, as the meter takes it; empty where time is not limited
 * @param meter what tells bytes and latency
 */
public record Budget(
    double maxDrop,
    OptionalLong maxBytes,
    OptionalLong maxMacs,
    OptionalDouble maxLatency,
    FootprintMeter meter) {
  /** From there on a percentage is harder to read. */
  private static final double MANY_TIMES = 10;

  public Budget {
    if (!(maxDrop >= 0 && maxDrop <= 100)) {
      throw new IllegalArgumentException("maxDrop must lie in [0, 100], found " + maxDrop);
    }
  }

  /** As small as {@code maxDrop} points of accuracy allow. */
  public static Budget ofDrop(double maxDrop) {
    return new Budget(
        maxDrop,
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalDouble.empty(),
        FootprintMeter.WEIGHTS);
  }

  /** With at most so many bytes of weights. */
  public Budget withMaxBytes(long bytes) {
    return new Budget(maxDrop, OptionalLong.of(bytes), maxMacs, maxLatency, meter);
  }

  /** With at most so many multiply-accumulates for one image. */
  public Budget withMaxMacs(long macs) {
    return new Budget(maxDrop, maxBytes, OptionalLong.of(macs), maxLatency, meter);
  }

  /** Whether a size was asked for; then pruning ends when it is reached. */
  public boolean isSized() {
    return maxBytes.isPresent() || maxMacs.isPresent() || maxLatency.isPresent();
  }

  /** Measures what the limits are about, and the rest as far as it costs nothing. */
  public Footprint footprint(Graph graph) {
    return new Footprint(
        meter.bytes(graph),
        Cost.of(graph).macs(),
        maxLatency.isPresent() ? meter.latency(graph) : null);
  }

  /** Whether a network is small enough; never true where no size was asked for. */
  public boolean isMet(Footprint found) {
    return isSized() && misses(found).isEmpty();
  }

  /** Whether binarizing more blocks can help: it takes bytes away, but neither MACs nor time. */
  public boolean lacksBytesAlone(Footprint found) {
    return misses(found).size() == 1 && found.bytes() > maxBytes.orElse(Long.MAX_VALUE);
  }

  /**
   * Each limit that a network exceeds, and by how much, for example {@code 120,000 bytes of weights
   * where 100,000 are allowed (20.0 % too many)}, or {@code (1,200 times that)}.
   */
  List<String> misses(Footprint found) {
    List<String> misses = new ArrayList<>();
    if (found.bytes() > maxBytes.orElse(Long.MAX_VALUE)) {
      misses.add(miss(found.bytes(), maxBytes.getAsLong(), "%,.0f", meter.bytesInWords()));
    }
    if (found.macs() > maxMacs.orElse(Long.MAX_VALUE)) {
      misses.add(miss(found.macs(), maxMacs.getAsLong(), "%,.0f", "MACs"));
    }
    if (maxLatency.isPresent() && found.latency() > maxLatency.getAsDouble()) {
      misses.add(miss(found.latency(), maxLatency.getAsDouble(), "%.3f", meter.latencyInWords()));
    }
    return misses;
  }

  /**
   * What to say when a network cannot be made small enough.
   *
   * @param smallest that was reached
   * @param with in words, how
   * @param wayOut what could be allowed
   */
  public BadInputException outOfReach(Graph smallest, Phrase with, Phrase wayOut) {
    return outOfReach(
        Phrase.of("with %s, there are %s", with, String.join(" and ", misses(footprint(smallest)))),
        wayOut);
  }

  /** The same of a network that is small enough, but lost too much. */
  public BadInputException outOfReach(AccuracyLoss loss) {
    return outOfReach(
        Phrase.of(
            "a network of that size has, on held-out images, %s, which %s %s does not allow",
            loss.inWords(), Setting.MAX_DROP, drop()),
        Phrase.of(
            "allow a larger %s or size, or more %s", Setting.MAX_DROP, Setting.FINE_TUNE_EPOCHS));
  }

  private BadInputException outOfReach(Phrase why, Phrase wayOut) {
    return new BadInputException("the budget (" + inWords() + ") cannot be met", null, why, wayOut);
  }

  /** The accuracy that may be lost, as messages have it. */
  public String drop() {
    return String.format(Locale.ROOT, "%.2f", maxDrop);
  }

  private static String miss(double found, double limit, String form, String unit) {
    double times = found / limit;
    String more =
        times < MANY_TIMES
            ? String.format(Locale.ROOT, "%.1f %% too many", 100 * (times - 1))
            : String.format(Locale.ROOT, "%,.0f times that", times);
    return String.format(
        Locale.ROOT, form + " %s where " + form + " are allowed (%s)", found, unit, limit, more);
  }

  /** For example {@code at most 100,000 bytes of weights and 5,000,000 MACs}. */
  public String inWords() {
    List<String> limits = new ArrayList<>();
    maxBytes.ifPresent(
        bytes -> limits.add(String.format(Locale.ROOT, "%,d %s", bytes, meter.bytesInWords())));
    maxMacs.ifPresent(macs -> limits.add(String.format(Locale.ROOT, "%,d MACs", macs)));
    maxLatency.ifPresent(
        ms -> limits.add(String.format(Locale.ROOT, "%.3f %s", ms, meter.latencyInWords())));
    return limits.isEmpty() ? "no size" : "at most " + String.join(" and ", limits);
  }

  /**
   * What taking {@code saved} away from a network is worth, at most 1: the mean of the shares of
   * what is limited, or of bytes and MACs where nothing is. Where time is limited and was not
   * measured it is taken to go with MACs.
   */
  public double worth(Footprint saved, Footprint full) {
    double bytes = (double) saved.bytes() / full.bytes();
    double macs = (double) saved.macs() / full.macs();
    if (!isSized()) {
      return (bytes + macs) / 2;
    }
    boolean timed = saved.latency() != null && full.latency() != null;
    List<Double> shares = new ArrayList<>();
    maxBytes.ifPresent(limit -> shares.add(bytes));
    maxMacs.ifPresent(limit -> shares.add(macs));
    maxLatency.ifPresent(limit -> shares.add(timed ? saved.latency() / full.latency() : macs));
    return shares.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}

package shallows.prune.search;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;
import org.hipparchus.distribution.continuous.NormalDistribution;
import shallows.data.evaluation.AccuracyLoss;
import shallows.model.graph.Graph;
import shallows.prune.plan.PlanSummary;

/**
 * The held-out images, which choose nothing: networks that were chosen without them are confirmed
 * or not, and every look is counted. So what is said of a shipped network holds on images that
 * nobody looked at; the score of the luckiest of many is not taken for its worth.
 *
 * <p>A network is confirmed where its {@link AccuracyLoss} against the reference is at most what
 * may be lost. Let a network be <em>bad</em> where it loses more than that on all images there
 * could be. The promise is that the probability of confirming any bad network, however many are
 * asked about, is at most the risk 1 − {@link AccuracyLoss#CONFIDENCE}, 0.2:
 *
 * <ol>
 *   <li>Networks come in lines, from larger to smaller, and the first that is not confirmed ends
 *       its line. Each bound of a line has the whole risk of the line: to confirm a bad network,
 *       the first bad one of the line has to be confirmed, and that is one look (a fixed-sequence
 *       test, Maurer, Hothorn and Lehmacher 1995; Westfall and Krishen 2001). Which network comes
 *       next may depend on all that was chosen by other images.
 *   <li>The risks of the lines add up to 0.2 (Bonferroni): the first, on which pruning goes as far
 *       as it can, gets nine tenths of it; each other one, which gives what is left to ship where
 *       the first has nothing to ship, gets half of what is left.
 * </ol>
 */
public final class Confirmation {
  /** The first line's share of the risk. */
  private static final double FIRST = 0.9;

  private final Function<Graph, MeasuredNetwork> heldOut;
  private final MeasuredNetwork reference;
  private final double maxDrop;

  /** By identity: graphs are large, and each is asked about under its own name. */
  private final Map<Graph, MeasuredNetwork> measured = new IdentityHashMap<>();

  private double risk = 1 - AccuracyLoss.CONFIDENCE;
  private int lines;
  private int looks;

  /**
   * @param heldOut measures a network on the held-out images
   * @param reference the network that accuracy is compared with
   * @param maxDrop points that may be lost
   */
  public Confirmation(Function<Graph, MeasuredNetwork> heldOut, Graph reference, double maxDrop) {
    this.heldOut = heldOut;
    this.reference = measure(reference);
    this.maxDrop = maxDrop;
  }

  private MeasuredNetwork measure(Graph graph) {
    return measured.computeIfAbsent(graph, heldOut);
  }

  public double maxDrop() {
    return maxDrop;
  }

  /** Accuracy of the reference, in [0, 1]. */
  public double referenceAccuracy() {
    return reference.accuracy();
  }

  /** For whoever tells, not for whoever chooses. */
  public MeasuredNetwork forTheRecord(Graph graph) {
    return measure(graph);
  }

  /** Likewise. */
  public AccuracyLoss loss(Graph graph) {
    return AccuracyLoss.between(reference.right(), measure(graph).right());
  }

  /** What can be said of each network that was confirmed. */
  public PlanSummary.Promise promise() {
    return new PlanSummary.Promise(maxDrop, AccuracyLoss.CONFIDENCE, looks);
  }

  /** Begins a line of networks, each smaller than the one before. */
  public Line line() {
    double share = lines == 0 ? FIRST : 0.5;
    lines++;
    Line line = new Line(share * risk);
    risk -= share * risk;
    return line;
  }

  /** Networks that are asked about one after the other, until one is not confirmed. */
  public final class Line {
    private final double quantile;
    private boolean open = true;
    private Graph last;

    private Line(double risk) {
      quantile = new NormalDistribution().inverseCumulativeProbability(1 - risk);
    }

    /**
     * Whether this one, and every one of the line before it, is good enough to be shipped. Who asks
     * again about the last one has not looked again.
     */
    public boolean confirms(Graph graph) {
      if (open && graph != last) {
        last = graph;
        looks++;
        open = loss(graph).isSurelyWithin(maxDrop, quantile);
      }
      return open;
    }

    /** Whether all were confirmed so far. */
    boolean isOpen() {
      return open;
    }
  }
}

package shallows.prune.search;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import shallows.data.evaluation.AccuracyLoss;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.prune.form.PlanApplication;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Reason;

/**
 * A network that was cut and not yet fine-tuned, with the decisions that made it.
 *
 * @param network batch-norm statistics re-estimated, or as layers were fitted with them;
 *     convolutions of binarized blocks are marked
 * @param decisions by block of the full network; those that are not named are kept
 * @param widths of the narrow blocks among them, binary or not, the share of the inner channels
 *     that stays
 * @param reasons by block, in the order they came up
 * @param way there: the full network, then one step for each block that was dropped
 * @param fitted whether layers were, in closed form ({@link shallows.prune.form.Refit})
 */
public record CutNetwork(
    MeasuredNetwork network,
    Map<String, Decision> decisions,
    Map<String, Double> widths,
    Map<String, List<Reason>> reasons,
    List<Step> way,
    boolean fitted) {

  /**
   * @param block that this step took; null for the full network
   * @param graph that was left
   */
  public record Step(String block, Graph graph) {}

  public CutNetwork {
    decisions = Map.copyOf(decisions);
    widths = Map.copyOf(widths);
    reasons = Map.copyOf(reasons);
    way = List.copyOf(way);
  }

  /** Where nothing is cut. */
  public static CutNetwork whole(MeasuredNetwork network) {
    return new CutNetwork(network, Map.of(), Map.of(), Map.of(), List.of(), false);
  }

  /**
   * The blocks that may get one bit a weight: what is left of those that are as they were or
   * narrow.
   */
  public List<Block> binarizable() {
    Graph graph = network.graph();
    return graph.blocks().stream()
        .filter(block -> formOf(block.name()) == Decision.KEEP || widths.containsKey(block.name()))
        .filter(block -> PlanApplication.canBinarize(graph, block))
        .toList();
  }

  private Decision formOf(String block) {
    return decisions.getOrDefault(block, Decision.KEEP);
  }

  /** The same with some of its blocks binarized, of those that are as they were or narrow. */
  public CutNetwork binarized(List<PricedBlock> blocks, AccuracyMeter choosing) {
    if (blocks.isEmpty()) {
      return this;
    }
    Map<String, Decision> binary = new TreeMap<>();
    Map<String, Decision> all = new TreeMap<>(decisions);
    Map<String, List<Reason>> why = new TreeMap<>(reasons);
    for (PricedBlock candidate : blocks) {
      String name = candidate.block().name();
      binary.put(name, Decision.BINARIZE);
      all.put(name, Decision.BINARIZE);
      why.merge(name, List.of(new Reason.Binarized(candidate.effect())), CutNetwork::joined);
    }
    return new CutNetwork(
        choosing.measure(PlanApplication.apply(network.graph(), binary)),
        all,
        widths,
        why,
        way,
        fitted);
  }

  /** The same with one more reason for some blocks. */
  public CutNetwork because(Collection<String> blocks, Reason reason) {
    Map<String, List<Reason>> why = new TreeMap<>(reasons);
    blocks.forEach(block -> why.merge(block, List.of(reason), CutNetwork::joined));
    return new CutNetwork(network, decisions, widths, why, way, fitted);
  }

  /** The same for other reasons. */
  CutNetwork because(Map<String, List<Reason>> others) {
    return new CutNetwork(network, decisions, widths, others, way, fitted);
  }

  /** The same, as it stands, measured on the images that fine-tuned networks are measured on. */
  public CutNetwork measuredBy(AccuracyMeter choosing) {
    return new CutNetwork(
        choosing.measureAsItStands(network.graph()), decisions, widths, reasons, way, fitted);
  }

  /**
   * The same with a reason more for the blocks that another network of its size treats differently.
   *
   * @param loss of that network against this one, both fine-tuned
   */
  public CutNetwork against(CutNetwork other, AccuracyLoss loss) {
    CutNetwork told = this;
    Set<String> blocks = new TreeSet<>(decisions.keySet());
    blocks.addAll(other.decisions.keySet());
    for (String block : blocks) {
      Decision there = other.formOf(block);
      Double width = other.widths.get(block);
      if (there != formOf(block) || !Objects.equals(width, widths.get(block))) {
        told =
            told.because(
                Set.of(block),
                new Reason.Otherwise(
                    there,
                    width,
                    other.count(Decision.DROP),
                    other.countFitted(),
                    other.count(Decision.BINARIZE),
                    Cost.of(other.network.graph()).macs(),
                    loss));
      }
    }
    return told;
  }

  static List<Reason> joined(List<Reason> before, List<Reason> more) {
    return Stream.concat(before.stream(), more.stream()).toList();
  }

  /** How many blocks the decision befalls. */
  public int count(Decision decision) {
    return Collections.frequency(decisions.values(), decision);
  }

  /** How many blocks have another form that was fitted, without those that are binary too. */
  public int countFitted() {
    return (int) decisions.values().stream().filter(Decision::isFitted).count();
  }

  /** Whether what was decided for another cut makes another network. */
  public boolean isOtherThan(CutNetwork other) {
    return fitted != other.fitted
        || !decisions.equals(other.decisions)
        || !widths.equals(other.widths);
  }

  /** The blocks that another cut treats otherwise, or leaves wider. */
  public Set<String> changedSince(CutNetwork other) {
    Set<String> changed = new TreeSet<>();
    decisions.forEach(
        (block, decision) -> {
          if (decision != other.decisions.get(block)
              || !Objects.equals(widths.get(block), other.widths.get(block))) {
            changed.add(block);
          }
        });
    return changed;
  }
}

package shallows.prune;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A network that was cut and not yet fine-tuned, with the decisions that made it.
 *
 * @param network batch-norm statistics re-estimated; convolutions of binarized blocks are marked
 * @param decisions by block of the full network; those that are not named are kept
 * @param reasons by block, in words
 * @param curve of the way there
 */
record Cut(
    Measurement network,
    Map<String, Decision> decisions,
    Map<String, String> reasons,
    List<PlanStep> curve) {
  Cut {
    decisions = Map.copyOf(decisions);
    reasons = Map.copyOf(reasons);
    curve = List.copyOf(curve);
  }

  /** The same with some of its blocks binarized. */
  Cut binarized(List<Candidate> blocks, HeldOut heldOut) {
    if (blocks.isEmpty()) {
      return this;
    }
    Map<String, Decision> binary = new TreeMap<>();
    Map<String, Decision> all = new TreeMap<>(decisions);
    Map<String, String> why = new TreeMap<>(reasons);
    for (Candidate candidate : blocks) {
      String name = candidate.block().name();
      binary.put(name, Decision.BINARIZE);
      all.put(name, Decision.BINARIZE);
      why.merge(
          name,
          "binarized before fine-tuning: " + candidate.inWords(),
          (stays, binarized) -> binarized + "; " + stays);
    }
    return new Cut(
        heldOut.measure(PlanApplication.apply(network.graph(), binary)), all, why, curve);
  }
}

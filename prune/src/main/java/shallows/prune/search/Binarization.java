package shallows.prune.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Footprint;

/**
 * Which of the blocks that remain get binary weights. Projecting trained weights to one bit hurts
 * far more than the network suffers once it is fine-tuned, so a block cannot be judged before that.
 * What can be judged is the order: each block is binarized alone and measured, and those with the
 * least loss for the bytes they save come first. How many of them is decided by fine-tuning.
 */
public final class Binarization {
  private final List<PricedBlock> order;

  private Binarization(List<PricedBlock> order) {
    this.order = order;
  }

  /**
   * Measures the blocks of a network that was cut.
   *
   * @param full cost of the network that it was cut from
   */
  public static Binarization measure(
      CutNetwork cut, AccuracyMeter choosing, Budget budget, Cost full, Progress progress) {
    // Those with a binary block have their statistics re-estimated, so this one has too.
    MeasuredNetwork current =
        cut.fitted() ? choosing.measure(cut.network().graph()) : cut.network();
    Graph graph = current.graph();
    List<PricedBlock> candidates = new ArrayList<>();
    List<Block> blocks = cut.binarizable();
    progress.start("binarize", Math.max(1, blocks.size()));
    List<MeasuredNetwork> measured =
        blocks.isEmpty()
            ? List.of()
            : choosing
                .measuredElsewhere(graph, blocks, Decision.BINARIZE)
                .orElseGet(() -> choosing.measureCuts(graph, blocks, Decision.BINARIZE));
    for (int b = 0; b < blocks.size(); b++) {
      Block block = blocks.get(b);
      Cost before = Cost.of(graph);
      Cost after = Cost.of(measured.get(b).graph());
      Cost saved = new Cost(0, before.macs() - after.macs(), before.bytes() - after.bytes());
      candidates.add(PricedBlock.of(block, current, measured.get(b), saved));
      progress.advance(1, block.name());
    }
    progress.finish();
    Footprint whole = Footprint.of(full, null);
    candidates.sort(
        Comparator.comparingDouble(
            c -> c.price(budget.worth(Footprint.of(c.saved(), null), whole))));
    return new Binarization(candidates);
  }

  /** How many blocks could be binarized. */
  public int size() {
    return order.size();
  }

  /** How many of them are half, which fine-tuning mostly makes up for. */
  public int half() {
    return half(order.size());
  }

  /** The same of another number of blocks; of an odd number, the greater half. */
  public static int half(int blocks) {
    return (blocks + 1) / 2;
  }

  /**
   * The first of them that hold a share of the weights of all blocks.
   *
   * @param share in (0, 1]
   * @param graph whose blocks they are
   */
  public List<PricedBlock> ofWeights(double share, Graph graph) {
    long all = graph.blocks().stream().mapToLong(block -> Cost.of(graph, block).bytes()).sum();
    int count = 0;
    for (long bytes = 0; bytes < share * all && count < order.size(); count++) {
      bytes += Cost.of(graph, order.get(count).block()).bytes();
    }
    return first(count);
  }

  /** The first {@code count} blocks, best first. */
  public List<PricedBlock> first(int count) {
    return order.subList(0, count);
  }
}

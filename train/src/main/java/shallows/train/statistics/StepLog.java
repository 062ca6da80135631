package shallows.train.statistics;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What happened in each step of a training, in order: which blocks were on, the mean loss of the
 * batch, and the batch's difficulty. A training appends to it as it goes; whoever has it afterwards
 * only reads.
 */
public final class StepLog {
  private final List<String> blocks;
  private final List<BitSet> masks = new ArrayList<>();
  private final List<Float> losses = new ArrayList<>();
  private final List<Float> difficulties = new ArrayList<>();

  /**
   * @param blocks names, shallowest first
   */
  public StepLog(List<String> blocks) {
    this.blocks = List.copyOf(blocks);
  }

  /**
   * @param on block by block whether it ran
   * @param loss mean over the batch, in nats
   * @param difficulty mean of the losses that the batch's images had when they were last seen; NaN
   *     where none was seen before
   */
  public void append(boolean[] on, float loss, float difficulty) {
    if (on.length != blocks.size()) {
      throw new IllegalArgumentException(
          "a mask must have one entry for each of the "
              + blocks.size()
              + " blocks, found "
              + on.length);
    }
    BitSet mask = new BitSet(on.length);
    for (int b = 0; b < on.length; b++) {
      mask.set(b, on[b]);
    }
    masks.add(mask);
    losses.add(loss);
    difficulties.add(difficulty);
  }

  /** The names of the blocks, shallowest first. */
  public List<String> blocks() {
    return blocks;
  }

  /** How many steps there are. */
  public int size() {
    return masks.size();
  }

  public boolean isOn(int step, int block) {
    return masks.get(step).get(block);
  }

  /** In nats. */
  public float loss(int step) {
    return losses.get(step);
  }

  /** In nats, or NaN in the first epoch. */
  public float difficulty(int step) {
    return difficulties.get(step);
  }

  /** In how many steps the block was on. */
  public int timesOn(int block) {
    return (int) masks.stream().filter(mask -> mask.get(block)).count();
  }
}

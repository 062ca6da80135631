package shallows.train.evidence;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.json.JsonFormat;
import shallows.train.checkpoint.Restorable;
import shallows.train.checkpoint.State;

/**
 * What happened in each step of a training, in order: which blocks were on, the mean loss of the
 * batch, and the batch's difficulty. A training appends to it as it goes; whoever has it afterwards
 * only reads.
 */
public final class StepLog implements Restorable {
  private static final String BLOCKS = "blocks";
  private static final String MASKS = "masks";
  private static final String LOSSES = "losses";
  private static final String DIFFICULTIES = "difficulties";

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

  @Override
  public State state() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    if (size() > 0) {
      float[] loss = new float[size()];
      float[] difficulty = new float[size()];
      float[] mask = new float[size() * blocks.size()];
      for (int step = 0; step < size(); step++) {
        loss[step] = loss(step);
        difficulty[step] = difficulty(step);
        for (int b = 0; b < blocks.size(); b++) {
          mask[step * blocks.size() + b] = isOn(step, b) ? 1 : 0;
        }
      }
      tensors.put(LOSSES, Tensor.vector(loss));
      tensors.put(DIFFICULTIES, Tensor.vector(difficulty));
      if (!blocks.isEmpty()) {
        tensors.put(MASKS, new Tensor(Shape.of(size(), blocks.size()), mask));
      }
    }
    return new State(tensors, Map.of(BLOCKS, JsonFormat.compact(blocks)));
  }

  @Override
  public void restore(State state) {
    String found = state.text(BLOCKS);
    if (!found.equals(JsonFormat.compact(blocks))) {
      throw new IllegalArgumentException("the steps of other blocks: " + found);
    }
    masks.clear();
    losses.clear();
    difficulties.clear();
    if (!state.tensors().containsKey(LOSSES)) {
      return;
    }
    float[] loss = state.tensor(LOSSES).values();
    float[] difficulty = state.tensor(DIFFICULTIES).values();
    float[] mask = blocks.isEmpty() ? new float[0] : state.tensor(MASKS).values();
    for (int step = 0; step < loss.length; step++) {
      boolean[] on = new boolean[blocks.size()];
      for (int b = 0; b < on.length; b++) {
        on[b] = mask[step * on.length + b] != 0;
      }
      append(on, loss[step], difficulty[step]);
    }
  }
}

package shallows.model.graph;

import java.util.Locale;

/**
 * A residual block: its sum adds a branch to a shortcut, or puts it behind or before it as in
 * DenseNet, and without the branch the network still makes sense: then the sum is its shortcut,
 * with zeros where a branch beside it was. Which nodes form the branch follows from the graph
 * ({@link Graph#branch}).
 *
 * @param name unique among the blocks, for example {@code stage2/block07}
 * @param shortcut the value that remains when the block is dropped
 * @param branch the value that dropping removes. Where it is the output of a {@link
 *     Operation.Scale}, that factor is the block's survival probability
 * @param sum the {@link Operation.Add} node, or a {@link Operation.Concat} of two
 */
public record Block(String name, String shortcut, String branch, String sum) {
  /** The name of a block of a stage, both counted from 1, for example {@code stage2/block07}. */
  public static String name(int stage, int number) {
    // In digits that are the same everywhere: names are in files, and weights are drawn by them.
    return String.format(Locale.ROOT, "stage%d/block%02d", stage, number);
  }
}

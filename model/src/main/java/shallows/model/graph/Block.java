package shallows.model.graph;

/**
 * A residual block: its sum adds a shortcut and a branch, and without the branch the network still
 * makes sense. Which nodes form the branch follows from the graph ({@link Graph#branch}).
 *
 * @param name unique among the blocks, for example {@code stage2/block07}
 * @param shortcut the value that remains when the block is dropped
 * @param branch the value that dropping removes. Where it is the output of a {@link
 *     Operation.Scale}, that factor is the block's survival probability
 * @param sum the {@link Operation.Add} node
 */
public record Block(String name, String shortcut, String branch, String sum) {}

/**
 * Trains a graph with stochastic depth: a graph and labelled images go in, the same graph with
 * trained weights comes out, with the log of every step, its history and a checkpoint to resume
 * from. What a step computes belongs to {@code engine}, what its losses tell of the blocks to
 * {@code evidence}; which blocks to drop is decided in {@code prune}.
 */
package shallows.train.loop;

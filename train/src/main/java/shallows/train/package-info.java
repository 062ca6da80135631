/**
 * Trains a graph with stochastic depth: a graph and labelled images go in, the same graph with
 * trained weights comes out, with the log of every step, its history and a checkpoint to resume
 * from. Which blocks to drop is decided in {@code prune}; no type of DJL shows in this package's
 * signatures.
 */
package shallows.train;

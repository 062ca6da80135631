/**
 * What every training step tells about the worth of the blocks, for free, and the slower
 * measurement that checks it. The log of a training goes in, {@code survival.json} comes out; what
 * to do about it is decided in {@code prune}.
 */
package shallows.train.statistics;

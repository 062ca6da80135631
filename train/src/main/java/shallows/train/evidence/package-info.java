/**
 * What blocks are worth: what every training step tells for free, the slower measurement that
 * checks it, and the scores that others rank by. With it, how likely each block is on in a step,
 * fixed or learned from the same log. The log of a training goes in, {@code survival.json} comes
 * out; what to do about it is decided in {@code prune}.
 */
package shallows.train.evidence;

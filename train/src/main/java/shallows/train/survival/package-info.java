/**
 * How likely each block is on in a training step, and which of them are: drawn by probabilities
 * that stay, or by ones that are learned from the log of the steps. What a gate does to a network
 * belongs to {@code shallows.train.torch}.
 */
package shallows.train.survival;

/**
 * The state of a training between two steps, in a file that is whole or not there. Each component
 * says what belongs to its own state; what it means to the training, and when it is written,
 * belongs to {@code Checkpoints}.
 */
package shallows.train.checkpoint;

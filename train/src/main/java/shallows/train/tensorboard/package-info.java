/**
 * Event files of a training for TensorBoard: scalars by step go in, records come out. What the
 * scalars are belongs to the training.
 */
package shallows.train.tensorboard;

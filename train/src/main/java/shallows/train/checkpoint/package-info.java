/**
 * The state of a training between two epochs, in one file that is whole or not there. What the
 * state means to the training belongs to {@code Trainer}.
 */
package shallows.train.checkpoint;

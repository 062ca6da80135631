/**
 * How to train, taken apart: immutable values that check themselves, put together in {@code
 * TrainingOptions}. They say what is wanted; what is done about it belongs to {@code
 * shallows.train}.
 */
package shallows.train.options;

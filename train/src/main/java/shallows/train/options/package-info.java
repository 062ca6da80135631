/**
 * How to train and what to compute with, as a person asks for it: immutable values that check
 * themselves, put together in {@link shallows.train.options.TrainingOptions}. They say what is
 * wanted; what is done about it belongs to the packages that read them.
 */
package shallows.train.options;

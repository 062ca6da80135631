package shallows.train.engine;

import shallows.train.options.Optimizer;

/**
 * The numbers of one step of {@link NesterovSgd}.
 *
 * @param learningRate η, positive
 * @param optimizer momentum, weight decay and what they are for
 */
public record StepRates(double learningRate, Optimizer optimizer) {}

package shallows.train.torch;

/**
 * The numbers of one step of {@link NesterovSgd}.
 *
 * @param learningRate η, positive
 * @param momentum μ, in [0, 1)
 * @param weightDecay λ, at least 0
 */
public record StepRates(double learningRate, double momentum, double weightDecay) {}

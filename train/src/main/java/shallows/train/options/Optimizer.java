package shallows.train.options;

/**
 * Stochastic gradient descent with Nesterov momentum.
 *
 * @param momentum μ, in [0, 1)
 * @param weightDecay λ, the factor of the L2 term added to the gradient, at least 0
 */
public record Optimizer(double momentum, double weightDecay) {
  public Optimizer {
    Require.that(momentum >= 0 && momentum < 1, "momentum must be in [0, 1)", momentum);
    Require.that(
        weightDecay >= 0 && Double.isFinite(weightDecay),
        "weightDecay must be at least 0",
        weightDecay);
  }
}

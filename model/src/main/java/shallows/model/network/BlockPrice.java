package shallows.model.network;

import java.util.function.ToLongFunction;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;

/**
 * What a residual block has to earn to stay. Block l costs
 *
 * <pre>
 *   λ·c_l,   c_l = cost of branch l / mean cost of all branches
 * </pre>
 *
 * so λ is the price of an average block, in nats of the loss, whatever the network.
 *
 * @param lambda λ, at least 0; at 0 only what does harm is not worth its price
 * @param resource what the cost is counted in
 */
public record BlockPrice(double lambda, Resource resource) {
  /** What blocks cost. */
  public enum Resource {
    /** Multiply-accumulates of the branch: time. */
    MACS(Cost::macs),
    /** Bytes of the branch's weights: size. */
    BYTES(Cost::bytes);

    private final ToLongFunction<Cost> amount;

    Resource(ToLongFunction<Cost> amount) {
      this.amount = amount;
    }
  }

  public BlockPrice {
    if (!(lambda >= 0) || Double.isInfinite(lambda)) {
      throw new IllegalArgumentException("lambda must be at least 0, was " + lambda);
    }
  }

  /** λ·c_l of every block in nats, shallowest first; their mean is λ. */
  public double[] of(Graph graph) {
    double[] prices =
        graph.blocks().stream()
            .mapToDouble(block -> resource.amount.applyAsLong(Cost.of(graph, block)))
            .toArray();
    double sum = 0;
    for (double cost : prices) {
      sum += cost;
    }
    for (int b = 0; b < prices.length; b++) {
      // Branches that cost nothing at all are free, not undefined.
      prices[b] = sum == 0 ? 0 : lambda * prices[b] * prices.length / sum;
    }
    return prices;
  }
}

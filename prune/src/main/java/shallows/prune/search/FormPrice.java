package shallows.prune.search;

import shallows.model.graph.Cost;
import shallows.prune.plan.Form;

/**
 * What a form of a block costs and saves, all else as it is.
 *
 * @param block by name
 * @param cost of the network with it
 * @param milliseconds that it saves; null where time is not limited or the block is not one of
 *     images
 * @param divergence of the network's answers from those of the original, in nats
 */
public record FormPrice(
    String block, Form form, Cost cost, Double milliseconds, double divergence) {}

package shallows.prune;

import shallows.model.graph.Graph;

/**
 * What pruning leaves.
 *
 * @param graph the smaller network; binary blocks hold weights of two values a channel
 * @param plan why it is as it is
 * @param heldOutAccuracy in [0, 1], after fine-tuning
 * @param fullHeldOutAccuracy of the network it is compared with, on the same images
 * @param loss of accuracy against that network, with what of it may be chance
 */
public record PrunedNetwork(
    Graph graph,
    Plan plan,
    double heldOutAccuracy,
    double fullHeldOutAccuracy,
    AccuracyLoss loss) {}

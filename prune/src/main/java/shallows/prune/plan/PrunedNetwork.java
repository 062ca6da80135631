package shallows.prune.plan;

import shallows.model.graph.Graph;

/**
 * What pruning leaves.
 *
 * @param graph the smaller network; binary blocks hold weights of two values a channel
 * @param plan why it is as it is, and what held-out images say of it
 */
public record PrunedNetwork(Graph graph, Plan plan) {}

package shallows.prune.plan;

import shallows.model.json.OrNull;

/**
 * A network on the way from the full one to the planned one, before any fine-tuning: measured on
 * held-out images, batch-norm statistics re-estimated.
 *
 * @param block that this step took, or null for the full network
 * @param decision DROP; KEEP for the full network
 * @param bytes of the weights after the step
 * @param macs for one image after the step
 * @param loss mean cross-entropy in nats
 * @param accuracy in [0, 1]
 */
public record PlanStep(
    @OrNull String block, Decision decision, long bytes, long macs, double loss, double accuracy) {}

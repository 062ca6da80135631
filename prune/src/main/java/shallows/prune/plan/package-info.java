/**
 * What pruning may cost and what it decided: budgets and sizes go in, a plan with a decision and
 * its reasons for each block comes out, as records that mirror {@code plan.json} and {@code
 * family.json}. Nothing here computes on a network beyond counting what it costs.
 */
package shallows.prune.plan;

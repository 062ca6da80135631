/**
 * Looks for networks that are small enough and still good: measures what a block is worth, on
 * training images, and drops, binarizes or gives another form to the cheapest. Held-out images only
 * say yes or no ({@link shallows.prune.search.Confirmation}). What comes out was cut and not yet
 * fine-tuned.
 */
package shallows.prune.search;

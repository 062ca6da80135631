/**
 * Asks graphs about labelled images: graphs and images go in, answers come out, or the statistics
 * that batch norm has on those images. Nothing is trained here, and nothing judged.
 */
package shallows.train.inference;

/**
 * From a graph to files that a phone runs, and the proof that they compute what the graph computes.
 * Here is the stage as a whole; its steps are the packages below. Whatever changes what a network
 * computes (training, pruning) does not belong here.
 */
package shallows.export;

/**
 * A classifier for new classes on the features of a network that was trained for others: a graph
 * and labelled images go in, the graph with its last layer trained comes out, with the epochs that
 * this took. The features are computed once and kept in files. All other layers are trained in
 * {@code loop}.
 */
package shallows.train.transfer;

/**
 * The network as a value: an immutable list of typed operations in topological order, named
 * parameters and the residual blocks among them. Everything a stage does to a network is a function
 * from graph to graph. What runs a graph, or writes it to a file, does not belong here.
 */
package shallows.model.graph;

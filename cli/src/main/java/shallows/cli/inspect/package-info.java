/**
 * A network as a table, one row a residual block. In come a graph, and what a run knows of its
 * blocks; out go aligned lines. Nothing is measured here.
 */
package shallows.cli.inspect;

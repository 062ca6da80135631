/**
 * Rewrites for deployment, one a file: a graph goes in and a graph with the same outputs and fewer
 * nodes comes out. A rewrite that training could not live with belongs here; one that changes
 * outputs beyond rounding does not.
 */
package shallows.export.pass;

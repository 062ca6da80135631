/**
 * The forms that a block can take: dropped, binary, narrow. A graph and decisions go in, a graph
 * comes out; which decisions are good is none of its business.
 */
package shallows.prune.form;

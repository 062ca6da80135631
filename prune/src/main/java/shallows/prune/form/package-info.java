/**
 * The forms that a block can take: narrow, linear, scaled, binary, dropped, and the fit of what is
 * left. A graph, decisions and images come in, a graph goes out; which decisions are good is none
 * of its business.
 */
package shallows.prune.form;

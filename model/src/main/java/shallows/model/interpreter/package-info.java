/**
 * Runs a graph slowly and plainly. It is the oracle that every pass, writer and fast runtime is
 * tested against, so it owes nothing to any of them: loops over arrays, no library.
 */
package shallows.model.interpreter;

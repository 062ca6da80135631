/**
 * Architectures by the names that the field gives them, and survival schedules over their blocks.
 * Each builds a graph with fresh weights; adding an architecture is one file and one line in {@link
 * shallows.model.network.Networks}.
 */
package shallows.model.network;

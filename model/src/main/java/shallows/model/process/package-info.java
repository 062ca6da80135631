/** What native libraries read of this process before any of ours calls them. */
package shallows.model.process;

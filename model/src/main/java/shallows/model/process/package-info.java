/** What native libraries and Java read of this process before they first compute. */
package shallows.model.process;

/**
 * Fetches files that a network address and a checksum name: whole or not at all, and going on where
 * an interrupted download stopped. Knows nothing of what is in them.
 */
package shallows.data.download;

/**
 * Data sets by name: the published ones with their downloads, the embedded one, and any folder.
 * This is where images come in; all else of {@code data} is reached from here.
 */
package shallows.data.sets;

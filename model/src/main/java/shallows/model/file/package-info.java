/** Files that are either whole or not there. */
package shallows.model.file;

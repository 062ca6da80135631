/** Files: written whole or not at all, read where they come to an end, known by their content. */
package shallows.model.file;

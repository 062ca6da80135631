/**
 * A person's own images: a folder for each class goes in, labelled images of one size come out,
 * decoded at once or, where they take too much memory, as they are asked for.
 */
package shallows.data.folder;

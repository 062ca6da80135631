/**
 * Labelled images. In goes the name of a data set or a folder ({@link
 * shallows.model.images.DataSets}), out come a training and a test set of unsigned bytes, {@code
 * (N, H, W, C)}, and from those, batches of normalized floats. Nothing here knows a network.
 */
package shallows.model.images;

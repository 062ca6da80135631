/**
 * Labelled images. What {@code sets} opens by name or folder is a training and a test set of
 * unsigned bytes, {@code (N, H, W, C)}, in memory or in files; here they are split, resized,
 * augmented, and become batches of normalized floats. Nothing here knows a network.
 */
package shallows.data;

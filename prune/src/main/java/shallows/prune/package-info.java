/**
 * Decides block by block what a trained network keeps. In goes a graph with its survival statistics
 * and held-out training images, out comes a smaller graph and the plan that says why. Test images
 * never come near it; neither does anything about files for phones. {@link shallows.prune.Pruner}
 * is the door; behind it {@code plan} says what is wanted and decided, {@code form} makes it,
 * {@code search} looks for it, {@code tune} fine-tunes and confirms it, each knowing only those
 * before.
 */
package shallows.prune;

/**
 * Decides block by block what a trained network keeps. In goes a graph with its survival statistics
 * and held-out training images, out comes a smaller graph and the plan that says why. Test images
 * never come near it; neither does anything about files for phones.
 */
package shallows.prune;

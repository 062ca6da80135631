/**
 * What a model file sees in images. In come an exported file and image files; out go the most
 * likely classes. Measuring accuracy over many images does not belong here.
 */
package shallows.cli.classify;

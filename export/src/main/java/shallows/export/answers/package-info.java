/**
 * What networks and files answer about test images, class by class and image by image, and what was
 * lost on the way from one to the other. In come predictions, out go the records of {@code
 * verify.json}. Judging a file does not belong here.
 */
package shallows.export.answers;

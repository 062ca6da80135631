/**
 * The proof that exported files are fit to ship: files, the graphs they came from and test images
 * go in, {@code verify.json} comes out. Every file is run in its own runtime over every test image.
 * Deciding what to do about a file that fails does not belong here.
 */
package shallows.export.verify;

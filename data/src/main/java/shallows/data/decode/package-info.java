/**
 * One picture: an image file or pixels go in, and pixels of the wanted channels and size come out.
 * The demo app is built from the same sources, so a phone sees what training saw.
 */
package shallows.data.decode;

/**
 * One picture: an image file or a frame goes in, pixels come out, upright, of the wanted channels
 * and size. The demo app is built from the same sources, so a phone sees what training saw.
 */
package shallows.data.decode;

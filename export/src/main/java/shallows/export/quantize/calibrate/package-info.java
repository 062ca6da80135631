/**
 * Finds the scales of a quantized graph: a folded graph and training images go in, and a graph with
 * the scales that change its answers least comes out. Test images do not belong here.
 */
package shallows.export.quantize.calibrate;

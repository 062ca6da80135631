/**
 * What is asked of ONNX files as files: the values inside them, and what one says of its own
 * accuracy. In come bytes, out come the same bytes with other outputs or metadata. What a network
 * computes does not belong here.
 */
package shallows.export.onnx;

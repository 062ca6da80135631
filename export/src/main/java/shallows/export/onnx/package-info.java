/**
 * What is asked of ONNX files as files: whether one is fit for a runtime, and what it says of its
 * own accuracy. In come bytes, out come the same bytes, others in metadata, or a refusal. What a
 * network computes does not belong here.
 */
package shallows.export.onnx;

/**
 * What a file says of itself: a graph's task and provenance go in, and come out as the metadata of
 * a TFLite file; the same file gives its task back. An ONNX file carries both without this, in its
 * {@code metadata_props}. What a network computes does not belong here, nor does what was measured
 * of a file after it was written.
 */
package shallows.export.metadata;

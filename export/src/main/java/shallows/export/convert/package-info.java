/**
 * Somebody else's ONNX file as files of ours: the file goes in, and an ONNX and a TFLite file come
 * out that were compared with it in the runtimes. Reading the file belongs to {@code
 * shallows.model.onnx}, quantizing and judging accuracy to the other packages here.
 */
package shallows.export.convert;

/**
 * Graphs as ONNX files: the form in which a network lies on disk between the stages, and in which
 * somebody else's network comes in. Here is what {@code read} and {@code write} agree on: metadata,
 * tensors, and how pools round. Folding, packing and quantizing for deployment do not belong here.
 */
package shallows.model.onnx;

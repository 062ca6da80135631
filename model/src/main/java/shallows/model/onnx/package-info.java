/**
 * Graphs as ONNX files and back: the form in which a network lies on disk between the stages, and
 * in which somebody else's network comes in. What goes in or comes out is a {@code Graph}; the
 * blocks, the task and the precision of the weights travel in the file's metadata. Folding, packing
 * and quantizing for deployment do not belong here.
 */
package shallows.model.onnx;

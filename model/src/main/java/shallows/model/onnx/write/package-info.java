/**
 * A {@code Graph} goes in, the bytes of an ordinary ONNX file come out, the same ones every time;
 * what ONNX has no word for travels in its metadata.
 */
package shallows.model.onnx.write;
